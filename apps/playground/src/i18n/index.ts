/**
 * @file The languages of the page.
 */
import { en } from './en/index.js';
import type { Messages } from './messages.js';
import { zh } from './zh/index.js';

export type Language = 'en' | 'zh';

export const messages: Readonly<Record<Language, Messages>> = { en, zh };
