/** @file 中文页面。 */
import type { Messages } from '../messages.js';
import { common } from './common.js';
import { look } from './look.js';
import { pages } from './pages.js';

export const zh: Messages = { common, pages, look };
