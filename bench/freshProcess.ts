/**
 * @file Measurements that need a process of their own: peak memory, time to the first step.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ProcessOptions {
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Default: this Node. */
  readonly program?: string | undefined;
}

/** Runs a script of this folder and returns the JSON that it prints last. */
export function runScript(script: string, args: readonly (string | number)[], options: ProcessOptions = {}): unknown {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const output = execFileSync(options.program ?? process.execPath, [path, ...args.map(String)], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

/** What `resnetStep` scripts print. */
export interface StepResult {
  readonly times: readonly number[];
  readonly residentBytes: number;
}

export function runSteps(script: string, args: readonly (string | number)[], options?: ProcessOptions): StepResult {
  const result = runScript(script, args, options);
  if (!isStepResult(result)) throw new TypeError(`${script}: unexpected output ${JSON.stringify(result)}`);
  return result;
}

function isStepResult(value: unknown): value is StepResult {
  return typeof value === 'object' && value !== null && 'times' in value && 'residentBytes' in value;
}
