import { existsSync } from 'node:fs';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

const entryPoints = Object.entries(packageJson.exports).flatMap(([name, target]) =>
  typeof target === 'string' ? [] : [{ name: name.replace('.', 'softgrad'), target: target.default }],
);

describe.each(entryPoints)('$name', ({ name, target }) => {
  beforeEach(() => vi.resetModules());

  test('has a source file', () => {
    const source = target.replace('./dist/', '../src/').replace(/\.js$/, '.ts');
    expect(existsSync(new URL(source, import.meta.url))).toBe(true);
  });

  test('can be imported alone, with a backend ready', async () => {
    expect(Object.keys(await import(name))).not.toEqual([]);
    const { backendInfo } = await import('../src/tensor/activeBackend.js');
    expect(backendInfo().backend).toMatch(/\w/);
  });
});
