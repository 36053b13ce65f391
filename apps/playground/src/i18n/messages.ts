/**
 * @file What every language must say. English is the measure: a text that another language lacks is a type error.
 */
import type { en } from './en/index.js';

export type Messages = typeof en;
