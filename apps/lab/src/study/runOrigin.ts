/**
 * @file What decides a run's numbers besides its settings. A run that is kept beside others, or goes on from its checkpoint, must
 * have the same as they have: a pair of runs on different data compares nothing.
 */
import { version } from '../version.js';
import { arithmetic } from './arithmetic.js';
import { dataChecksum } from './dataChecksum.js';
import type { StudyData } from './datasets.js';

export interface RunOrigin {
  /** The version of the program. */
  readonly softgrad: string;
  /** What computes, such as `wasm simd+fma`: another instruction set rounds otherwise. */
  readonly arithmetic: string;
  /** As `dataChecksum()` has it. */
  readonly data: string;
}

/** What is known of it: a study has no checksum of its data, and runs didn't always say everything. */
type Known = { readonly [Part in keyof RunOrigin]?: RunOrigin[Part] | undefined };

/** Of a run that this process trains on these data. */
export function originHere(data: StudyData): RunOrigin {
  return { softgrad: version, arithmetic: arithmetic(), data: dataChecksum(data) };
}

/** Why what was begun `there` can't go on `here`, and what to do; nothing if it can. */
export function mismatch(there: Known, here: Known): string | undefined {
  if (differs(there.softgrad, here.softgrad)) {
    return `by softgrad ${there.softgrad}, and this one, ${here.softgrad}, may compute otherwise; use the same, or choose another --out`;
  }
  if (differs(there.arithmetic, here.arithmetic)) {
    return (
      `with ${there.arithmetic}, and ${here.arithmetic} would round otherwise; ` +
      'choose --backend and --variant as before, or another --out'
    );
  }
  if (differs(there.data, here.data)) {
    return (
      `on other data (SHA-256 ${shortChecksum(there.data)} there, ${shortChecksum(here.data)} here); ` +
      'choose --data-dir as before, or another --out'
    );
  }
  return undefined;
}

function differs(there: string | undefined, here: string | undefined): boolean {
  return there !== undefined && here !== undefined && there !== here;
}

/** So much of a checksum tells two apart. */
export function shortChecksum(checksum = ''): string {
  return `${checksum.slice(0, 12)}…`;
}
