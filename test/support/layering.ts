/**
 * @file Who may import whom: the rules of the source tree, checked on the syntax tree of every file.
 *
 * `layeringViolations` is a pure function of paths and texts, so the rules are themselves tested on made-up files.
 */
import { posix } from 'node:path';
import { type ImportReference, readSyntax, type Syntax } from './syntax.js';

export interface SourceFile {
  /** Path from the project root, with `/`. */
  readonly path: string;
  readonly text: string;
}

/**
 * A part of the library: `index` (files directly in src/, which wire the parts together), `errors` (src/errors.ts, which
 * every part throws), `kernels` (the contract, directly in src/kernels/), `kernels/<set>`, or another folder of src/.
 */
type Layer = string;

/** Layers that each folder may import besides itself; `kernels` means the contract. `kernels/<set>` see `mayImport`. */
const allowedLayers: Readonly<Record<string, readonly Layer[]>> = {
  errors: [],
  tensor: [],
  kernels: [],
  ops: ['tensor', 'kernels'],
  nn: ['ops', 'tensor'],
  optim: ['ops', 'tensor'],
  data: ['tensor'],
  io: ['data', 'optim', 'nn', 'ops', 'tensor', 'kernels'],
  testing: ['data', 'optim', 'nn', 'ops', 'tensor', 'kernels'],
  // Checkpoints are safetensors files, so the training loop may also write them.
  train: ['io', 'data', 'optim', 'nn', 'ops', 'tensor', 'kernels'],
};

/** Layers whose types alone may be imported. */
const allowedTypes: Readonly<Record<string, readonly Layer[]>> = { tensor: ['kernels'] };

/** Packages that the library may use, and where. */
const allowedPackages: Readonly<Record<string, Layer>> = { 'gpu.js': 'kernels/gpu', 'fast-check': 'testing' };

const maxLines = 300;
const maxFunctionLines = 40;
const publicEntry = /^softgrad(\/(nn|optim|data|train|io|testing))?$/;
const publicEntryFile = /^src\/(nn|optim|data|train|io|testing)\/index\.ts$/;

/**
 * Where text becomes code on purpose: helper threads, whose program is a constant, and gpu.js, which compiles the kernels that
 * we hand it. Nowhere else, so that the contents of a file or a command line can never be run.
 */
const mayRunText = /^(test|bench|examples)\/|^src\/kernels\/(gpu\/|wasm\/helper\.ts)/;
const modulesThatRunText = /^(node:)?(vm|repl|inspector)(\/|$)/;

/** The rules that `files` break, one message each: `src/tensor/tensor.ts:3: tensor may not import ops (…)`. */
export function layeringViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const syntax = readSyntax(file.path, file.text);
    return [
      ...lengthViolations(file, syntax),
      ...syntax.unsafeCasts.map((line) => `${file.path}:${line}: \`as unknown as\` hides a type error`),
      ...codeViolations(file.path, syntax),
      ...syntax.imports.flatMap((reference) => {
        const complaint = importViolation(file.path, reference);
        return complaint === undefined ? [] : [`${file.path}:${reference.line}: ${complaint}`];
      }),
    ];
  });
}

/** Files and functions that are too long to be read at a glance; a kernel may be one long loop nest, a test a long `describe`. */
function lengthViolations({ path, text }: SourceFile, { functions }: Syntax): string[] {
  if (!/^(src|apps)\//.test(path)) return [];
  const lines = text.trimEnd().split('\n').length;
  const mayBeLong = path.startsWith('src/kernels/') || /^apps\/[^/]+\/test\//.test(path);
  const long = mayBeLong ? [] : functions.filter(({ length }) => length >= maxFunctionLines);
  return [
    ...(lines < maxLines ? [] : [`${path}: ${lines} lines, a file stays under ${maxLines}`]),
    ...long.map(
      ({ line, length }) => `${path}:${line}: a function of ${length} lines, one stays under ${maxFunctionLines}`,
    ),
  ];
}

function codeViolations(path: string, { codeFromText, imports }: Syntax): string[] {
  if (mayRunText.test(path)) return [];
  const modules = imports.filter(({ specifier }) => modulesThatRunText.test(specifier));
  return [...codeFromText, ...modules.map(({ line, specifier }) => ({ line, code: specifier }))].map(
    ({ line, code }) => `${path}:${line}: text must not become code here (${code})`,
  );
}

function importViolation(path: string, reference: ImportReference): string | undefined {
  if (path.startsWith('src/')) return libraryViolation(path, reference);
  if (/^(apps|examples|bench)\//.test(path)) return userViolation(path, reference);
  return undefined;
}

/**
 * What an app, an example or a benchmark does wrong: it sees the library as any user does. What the tests and benchmarks of apps
 * need may be shared.
 */
function userViolation(path: string, { specifier }: ImportReference): string | undefined {
  const home = path.startsWith('apps/') ? path.split('/').slice(0, 2).join('/') : path.split('/')[0]!;
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(path), specifier);
    const isShared = /^apps\/[^/]+\/(test|bench)\//.test(path) && target.startsWith('test/support/');
    if (!isShared && !target.startsWith(`${home}/`)) return `${home} may not reach outside itself (${specifier})`;
  } else if (/^softgrad(\/|$)/.test(specifier) && !publicEntry.test(specifier)) {
    return `${specifier} is not a public entry point`;
  }
  return undefined;
}

function libraryViolation(path: string, reference: ImportReference): string | undefined {
  const { specifier } = reference;
  if (!specifier.startsWith('.')) return packageViolation(layerOf(path), reference);
  const target = posix.join(posix.dirname(path), specifier);
  if (!target.startsWith('src/')) return `the library may not reach outside src (${specifier})`;
  // Whoever imports one entry point alone finds the backends there.
  if (publicEntryFile.test(path) && target === 'src/backends.js') return undefined;
  const [from, to] = [layerOf(path), layerOf(target)];
  if (from === to || from === 'index' || mayImport(from, to)) return undefined;
  if (allowedTypes[from]?.includes(to)) {
    return reference.isType ? undefined : `${from} may import only types of ${to}, with \`import type\` (${specifier})`;
  }
  return `${from} may not import ${to} (${specifier})`;
}

function mayImport(from: Layer, to: Layer): boolean {
  if (to === 'errors') return true;
  if (from.startsWith('kernels/')) return to === 'kernels';
  return allowedLayers[from]?.includes(to) ?? false;
}

function packageViolation(layer: Layer, { specifier, isType, isDynamic }: ImportReference): string | undefined {
  if (specifier.startsWith('node:')) {
    return isType || isDynamic ? undefined : `${specifier} does not exist in a browser: import it dynamically`;
  }
  const home = allowedPackages[specifier];
  if (home === undefined) return `the library may not depend on ${specifier}`;
  if (layer !== home) return `${layer} may not import ${specifier}, only ${home} may`;
  if (specifier === 'gpu.js' && !isType && !isDynamic) return 'gpu.js is loaded on demand: import it dynamically';
  return undefined;
}

function layerOf(path: string): Layer {
  if (/^src\/errors\.[jt]s$/.test(path)) return 'errors';
  const folders = path.split('/').slice(1, -1);
  if (folders[0] === undefined) return 'index';
  return folders[0] === 'kernels' ? folders.slice(0, 2).join('/') : folders[0];
}
