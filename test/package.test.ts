import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));

/**
 * gpu.js asks for `gl`, which downloads or compiles native code when it is installed, and for a `webgpu` of 73 MB that it never
 * loads. So gpu.js travels inside our archive, without them.
 */
describe('whoever installs the library', () => {
  const { dependencies, bundleDependencies } = read('package.json');

  test('gets gpu.js with it, and nothing else', () => {
    expect(Object.keys(dependencies)).toEqual(['gpu.js']);
    expect(bundleDependencies).toEqual(['gpu.js']);
  });

  test('compiles nothing: no package that is bundled has an install script', () => {
    expect(existsSync(new URL('node_modules/gl', root))).toBe(false);
    for (const name of ['gpu.js', 'acorn', 'gpu-mock.js', 'gpu.js/node_modules/webgpu']) {
      const { scripts = {} } = read(`node_modules/${name}/package.json`);
      expect(Object.keys(scripts)).not.toEqual(expect.arrayContaining([expect.stringMatching(/install$/)]));
    }
  });

  test('does not get the large webgpu: a small package stands in for it', () => {
    expect(read('node_modules/gpu.js/node_modules/webgpu/package.json').name).toBe('gpu-mock.js');
  });
});
