/** @file The page in English. */
import { common } from './common.js';
import { look } from './look.js';
import { pages } from './pages.js';

export const en = { common, pages, look };
