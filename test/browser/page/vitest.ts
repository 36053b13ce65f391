/**
 * @file Stands for `vitest` in the page: tests are collected by name, and run when they are asked for.
 */
import { ASYMMETRIC_MATCHERS_OBJECT, chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';

type Body = (...row: readonly unknown[]) => unknown;

const collected = new Map<string, Body>();
let path: readonly string[] = [];

/** The tests by full name, in order. */
export const collectedTests: ReadonlyMap<string, Body> = collected;

export function describe(name: string, body: () => void): void {
  const outer = path;
  path = [...outer, name];
  body();
  path = outer;
}

function collect(name: string, body: Body): void {
  const fullName = [...path, name].join(' > ');
  if (collected.has(fullName)) throw new Error(`two tests are called ${fullName}`);
  collected.set(fullName, body);
}

const ignore = (): void => {};

export const test = Object.assign(collect, {
  runIf: (condition: unknown) => (condition ? collect : ignore),
  skipIf: (condition: unknown) => (condition ? ignore : collect),
  /** Of a name's placeholders it knows `%s` and `%j`. */
  each: (rows: readonly unknown[]) => (name: string, body: Body) => {
    for (const row of rows) {
      const values = Array.isArray(row) ? row : [row];
      let next = 0;
      const filled = name.replace(/%[sj]/g, (kind) => {
        const value: unknown = values[next++];
        return kind === '%j' ? JSON.stringify(value) : String(value);
      });
      collect(filled, () => body(...values));
    }
  },
});

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

const matchers: unknown = Reflect.get(globalThis, ASYMMETRIC_MATCHERS_OBJECT);
export const expect = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  chai.expect,
  matchers,
);
