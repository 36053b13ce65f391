/**
 * @file Prints rows and stores them with the machine they were measured on.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { type Row, renderTable, verdict } from './verdict.js';

const folder = new URL('results/', import.meta.url);

/** @param name of the JSON file, below bench/results/ */
export function report(name: string, backend: string, rows: readonly Row[], notes: readonly string[] = []): void {
  // Above about one per core in use, other programs took part in the result.
  const load = loadavg().map((value) => Number(value.toFixed(2)));
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), load };
  const runtime = `Node ${process.version}`;
  console.log(`\n${runtime}, ${backend}, ${machine.cores} cores of ${machine.cpu}, load ${load.join(', ')}\n`);
  console.log(renderTable(rows));
  for (const note of notes) console.log(`- ${note}`);
  mkdirSync(folder, { recursive: true });
  const results = rows.map((row) => ({ ...row, reached: verdict(row) }));
  const file = `${name}-${process.version}.json`;
  const text = JSON.stringify(
    { date: new Date().toISOString(), machine, runtime, backend, rows: results, notes },
    null,
    2,
  );
  writeFileSync(new URL(file, folder), `${text}\n`);
}
