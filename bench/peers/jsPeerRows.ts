/**
 * @file Beside the JavaScript libraries, which `npm ci` puts below bench/peers/ when first asked for.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runScript } from '../freshProcess.js';
import { median, medianRatio } from '../statistics.js';
import type { Goal, Row } from '../verdict.js';

const folder = fileURLToPath(new URL('.', import.meta.url));

const gemmGoal: Goal = { direction: 'atLeast', required: 1.3, aim: 1.6, unit: '×' };

/** Rows for the libraries that run, notes for those that don't. */
export function jsPeerRows(): { readonly rows: Row[]; readonly notes: string[] } {
  const rows: Row[] = [];
  const notes: string[] = [];
  if (!existsSync(`${folder}node_modules`)) {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
  }
  for (const [name, result] of Object.entries(runScript('peers/jsPeers.mjs', []) ?? {})) {
    if (!isComparison(result)) {
      notes.push(`${name}: not run, ${result.reason}`);
      continue;
    }
    const { ours, theirs } = result;
    const goal = name.startsWith('GEMM') ? gemmGoal : undefined;
    rows.push({ what: `${name}: speed, 1 thread`, goal, measured: medianRatio(theirs, ours), unit: '×' });
    notes.push(`${name}: ${median(ours).toFixed(2)} ms against ${median(theirs).toFixed(2)} ms`);
  }
  return { rows, notes };
}

interface Comparison {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

function isComparison(result: Comparison | { readonly reason: string }): result is Comparison {
  return 'ours' in result;
}
