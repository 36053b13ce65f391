/**
 * @file A program as TypeScript that runs by itself, through the public API alone.
 */
import { readFileSync } from 'node:fs';
import * as softgrad from '../../src/index.js';
import { resultNames } from './evaluate.js';
import { type Arg, isList, type Leaf, type Program, Ref, Seeded, type Step } from './program.js';

/** A backend, as `setBackend` takes it. */
export type BackendChoice = readonly [name: string, options?: Readonly<Record<string, string | number>>];

/** What a printed program does with the results. */
export interface Printing {
  /** Lines above the program. */
  readonly comment: readonly string[];
  /** Where it runs. */
  readonly backends: readonly BackendChoice[];
  /** Default `float32`. */
  readonly dtypes?: readonly string[];
  /** Compare the derivatives with central differences instead. */
  readonly checksGradient?: boolean;
}

const source = readFileSync(new URL('./support.ts', import.meta.url), 'utf8');
/** The functions of support.ts by name, with their comments. */
const helpers = new Map(
  [...source.matchAll(/^\/\*\*[^\n]*\*\/\n(export function (\w+)[\s\S]*?^}\n)/gm)].map(([text, , name]) => [
    name ?? '',
    text.replace('export function', 'function'),
  ]),
);
/** What support.ts imports besides values of softgrad itself. */
const types = ['BatchNormOptions', 'Tensor'];
const optimizers = ['SGD', 'Adam', 'AdamW'];

/** The code: imports, the helpers that it needs, inputs, the program as a function, and a loop over backends. */
export function printProgram(
  program: Program,
  { comment, backends, dtypes, checksGradient = false }: Printing,
): string {
  const order = checksGradient ? 0 : program.order;
  const main = checksGradient ? gradientLoop(program.order) : loop({ ...program, order }, backends, dtypes);
  const body = [`${printInputs(program.leaves)}\n`, `${printFunction(program)}\n`, main].join('\n');
  const needed = helpersIn(body);
  const code = [...needed.map((name) => helpers.get(name) ?? ''), body].join('\n');
  return [...comment.map((line) => `// ${line}`), ...imports(code), '', code].join('\n');
}

function printInputs(leaves: readonly Leaf[]): string {
  const lines = leaves.map(({ shape, values }) => {
    return `  { shape: [${shape.join(', ')}], values: [${Array.from(values, printFloat32).join(', ')}] },`;
  });
  return ['const inputs = [', ...lines, '];'].join('\n');
}

function printFunction({ leaves, steps, outputs }: Program): string {
  const parameters = leaves.map((_, i) => `x${i}: Tensor`).join(', ');
  return [
    `function program(${parameters}): Tensor[] {`,
    ...steps.map((step, i) => `  const y${i} = ${printCall(step)};`),
    `  return [${outputs.map(({ name }) => name).join(', ')}];`,
    '}',
  ].join('\n');
}

function loop(program: Program, backends: readonly BackendChoice[], dtypes: readonly string[] = ['float32']): string {
  const choices = backends.map(([name, options]) => `['${name}'${options ? `, ${printArg(options)}` : ''}]`);
  const call = `derivatives((...at) => program(${spread(program)}), xs, '${program.style}', ${program.order})`;
  return `const names = [${resultNames(program).map(quoted).join(', ')}];
for (const [backend, options] of [${choices.join(', ')}] as const) {
  await setBackend(backend, options);
  for (const dtype of [${dtypes.map(quoted).join(', ')}] as const) {
    const xs = inputs.map(({ shape, values }) => tensor(values.flat(), { shape, dtype, requiresGrad: true }));
    console.log(\`\\n\${backendInfo().description}, \${dtype}\`);
    for (const [i, result] of ${call}.entries()) {
      console.log(names[i], \`[\${result.shape}]\`, [...(await result.data())].join(' '));
    }
  }
}
`;
}

function quoted(text: string): string {
  return `'${text}'`;
}

function gradientLoop(order: number): string {
  const check = order === 2 ? 'gradgradcheck' : 'gradcheck';
  return [
    "const xs = inputs.map(({ shape, values }) => tensor(values.flat(), { shape, dtype: 'float64', backend: 'reference' }));",
    `console.log((await ${check}((...at) => program(...(at as Parameters<typeof program>)), xs)).message);`,
    '',
  ].join('\n');
}

function spread({ leaves }: Program): string {
  return leaves.length === 0 ? '' : '...(at as Parameters<typeof program>)';
}

/** Helpers that a text needs, and those that they need, in their own order. */
function helpersIn(text: string): string[] {
  const needed = new Set<string>();
  const visit = (code: string): void => {
    for (const [name, own] of helpers) {
      if (needed.has(name) || !new RegExp(`\\b${name}\\(`).test(code)) continue;
      needed.add(name);
      visit(own);
    }
  };
  visit(text);
  return [...helpers.keys()].filter((name) => needed.has(name));
}

function imports(code: string): string[] {
  const withoutComments = code.replace(/\/\*\*.*?\*\//gs, '');
  const mentioned = new Set(withoutComments.match(/(?<![.\w'])[A-Za-z]\w*\b/g));
  const named = (names: readonly string[], prefix = ''): string[] =>
    names.filter((name) => mentioned.has(name)).map((name) => `${prefix}${name}`);
  const values = named(Object.keys(softgrad).filter((name) => !types.includes(name)));
  const checks = named(['gradcheck', 'gradgradcheck']);
  const used = named(optimizers);
  return [
    `import { ${[...values, ...named(types, 'type ')].join(', ')} } from 'softgrad';`,
    ...(/\bnn\./.test(code) ? ["import * as nn from 'softgrad/nn';"] : []),
    ...(used.length > 0 ? [`import { ${used.join(', ')} } from 'softgrad/optim';`] : []),
    ...(checks.length > 0 ? [`import { ${checks.join(', ')} } from 'softgrad/testing';`] : []),
  ];
}

/** `softPool2d(x0, { kernelSize: [2, 2] })` */
export function printCall({ callee, args }: Step): string {
  return `${callee}(${args.map(printArg).join(', ')})`;
}

function printArg(arg: Arg): string {
  if (arg instanceof Ref) return arg.name;
  if (arg instanceof Seeded) return `new Generator(${arg.seed})`;
  if (typeof arg === 'string') return quoted(arg);
  if (typeof arg !== 'object') return String(arg);
  if (isList(arg)) return `[${arg.map(printArg).join(', ')}]`;
  const entries = Object.entries(arg).map(([key, value]) => `${key}: ${printArg(value)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** The fewest digits that give the same float32 number. */
export function printFloat32(value: number): string {
  if (Object.is(value, -0)) return '-0';
  for (let digits = 1; digits <= 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}
