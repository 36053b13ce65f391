/**
 * @file Reads kernels and helpers from the syntax trees of src/kernels/gpu/programs.
 *
 * A function whose `this` is a `Kernel<…>` is a kernel; `Cells` parameters are tensors, `number` parameters scalars, the names in
 * `Kernel<'…'>` (or in a type that lists them) compiled-in constants. Any other function is a helper, one that is merely declared
 * a slot.
 */
import ts from 'typescript';
import { checkFunction } from './checkFunction.mjs';

/**
 * @typedef {object} ReadFunction
 * @property {'kernel' | 'helper' | 'slot'} kind
 * @property {string} name
 * @property {string[]} parameters inputs first, then scalars
 * @property {string[]} inputs
 * @property {string[]} scalars
 * @property {string[]} constants
 * @property {1 | 4} cellsPerThread
 * @property {boolean} computesIndices
 * @property {string[]} calls names of the functions that it calls
 * @property {string[]} declared names of its parameters and variables
 * @property {string} source JavaScript, without types and comments
 */

/**
 * Every function of the given files, by name.
 *
 * @param {{ path: string, text: string }[]} files
 * @returns {Map<string, ReadFunction>}
 * @throws Error that lists everything the kernel language does not allow, with file and line
 */
export function readPrograms(files) {
  const functions = new Map();
  const complaints = [];
  const sources = files.map(({ path, text }) => ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true));
  const lists = new Map(sources.flatMap((source) => constantLists(source)));
  for (const source of sources) {
    const path = source.fileName;
    for (const node of source.statements.filter(ts.isFunctionDeclaration)) {
      const read = readFunction(node, source, lists);
      const complain = (at, message) => {
        const { line } = source.getLineAndCharacterOfPosition(at.getStart(source));
        complaints.push(`${path}:${line + 1}: ${read.name}: ${message}`);
      };
      if (functions.has(read.name) && read.kind !== 'slot') complain(node, 'there are two functions of this name');
      if (read.kind !== 'slot' || !functions.has(read.name)) functions.set(read.name, read);
      checkFunction(node, read, complain);
    }
  }
  const constants = new Set([...functions.values()].flatMap((read) => read.constants));
  for (const read of functions.values()) {
    for (const name of read.declared.filter((declared) => constants.has(declared))) {
      complaints.push(`${read.name}: '${name}' is also the name of a constant; mode cpu mixes the two up`);
    }
    read.calls = read.calls.filter((name) => {
      if (!functions.has(name)) complaints.push(`${read.name} calls ${name}, which there isn't`);
      return functions.has(name);
    });
  }
  if (complaints.length > 0) throw new Error(`kernels that gpu.js would get wrong:\n${complaints.join('\n')}`);
  return functions;
}

function readFunction(node, source, lists) {
  const [first] = node.parameters;
  const isKernel = first !== undefined && first.name.getText(source) === 'this';
  const parameters = isKernel ? node.parameters.slice(1) : [...node.parameters];
  const named = (type) =>
    parameters.filter((parameter) => parameter.type?.getText(source) === type).map(({ name }) => name.getText(source));
  const body = node.body?.getText(source) ?? '';
  return {
    kind: node.body === undefined ? 'slot' : isKernel ? 'kernel' : 'helper',
    name: node.name.text,
    parameters: parameters.map(({ name }) => name.getText(source)),
    inputs: named('Cells'),
    scalars: named('number'),
    constants: isKernel ? constantNames(first.type?.typeArguments?.[0], lists) : [],
    cellsPerThread: node.type?.getText(source) === 'Quad' ? 4 : 1,
    computesIndices: isKernel && elementIndices(node, source).some((index) => index !== 'this.thread.x'),
    calls: calledFunctions(node),
    declared: declaredNames(node),
    source: node.body === undefined ? '' : withoutTypes(node, parameters, body, source),
  };
}

/** Types that list names, `type Sizes = 'a' | 'b'`. */
function constantLists(source) {
  return source.statements.filter(ts.isTypeAliasDeclaration).map(({ name, type }) => [name.text, type]);
}

/** `Kernel<'a' | Sizes>` names a and what Sizes lists. */
function constantNames(type, lists) {
  if (type === undefined) return [];
  if (ts.isUnionTypeNode(type)) return type.types.flatMap((member) => constantNames(member, lists));
  const text = type.getText();
  return lists.has(text) ? constantNames(lists.get(text), lists) : [text.replace(/^'|'$/g, '')];
}

function elementIndices(node, source) {
  const found = [];
  visit(node, (child) => {
    if (ts.isElementAccessExpression(child)) found.push(child.argumentExpression.getText(source));
  });
  return found;
}

function declaredNames(node) {
  const found = new Set();
  visit(node, (child) => {
    if (ts.isVariableDeclaration(child) || ts.isParameter(child)) found.add(child.name.text);
  });
  return [...found];
}

function calledFunctions(node) {
  const found = new Set();
  visit(node, (child) => {
    if (ts.isCallExpression(child) && ts.isIdentifier(child.expression)) found.add(child.expression.text);
  });
  return [...found];
}

function withoutTypes(node, parameters, body, source) {
  const names = parameters.map(({ name }) => name.getText(source)).join(', ');
  const text = `function ${node.name.text}(${names}) ${body}`;
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true },
  });
  return outputText.replace(/^"use strict";\s*/, '').trim();
}

/** Calls `act` for a node and everything inside. */
export function visit(node, act) {
  act(node);
  ts.forEachChild(node, (child) => visit(child, act));
}
