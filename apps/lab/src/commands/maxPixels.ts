/**
 * @file `--max-pixels`, of the commands that read pictures.
 */
import { Option } from 'commander';
import { wholeNumber } from '../optionValues.js';

/** What to do about a picture that is larger, where the command has the option. */
export const RAISE_MAX_PIXELS = 'raise that with --max-pixels';

export function maxPixelsOption(most: number): Option {
  return new Option('--max-pixels <n>', 'refuse larger pictures').argParser(wholeNumber()).default(most);
}
