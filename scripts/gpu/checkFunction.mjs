/**
 * @file The rules of the kernel language: what gpu.js 2.24 gets wrong without a word in one mode or another.
 */
import ts from 'typescript';

/** Tensors that a kernel can take: WebGPU guarantees eight buffers, and one is the output. */
const MAX_INPUTS = 7;

const mathFunctions = new Set(['abs', 'ceil', 'cos', 'exp', 'floor', 'log', 'max', 'min', 'pow', 'sin', 'sqrt']);

/** What stands for functions that are wrong for NaN or near 0 on some GPU. */
const substitutes = new Map([
  ['exp', 'exponential'],
  ['log', 'logarithm'],
  ['pow', 'power'],
  ['tanh', 'hyperbolicTangent'],
]);
const substitutesFile = 'unaryFunctions.ts';

/**
 * Complains about every construct that must not be used, and why.
 *
 * @param {ts.FunctionDeclaration} node
 * @param {import('./readPrograms.mjs').ReadFunction} read
 * @param {(at: ts.Node, message: string) => void} complain
 */
export function checkFunction(node, read, complain) {
  checkSignature(node, read, complain);
  if (!node.body) return;
  checkNode(node.body, complain);
  checkNames(node, [], complain);
}

function checkSignature(node, read, complain) {
  const { inputs, scalars, parameters, kind } = read;
  if (inputs.length > MAX_INPUTS) complain(node, `${inputs.length} tensors; WebGPU takes ${MAX_INPUTS}`);
  if ([...inputs, ...scalars].join() !== parameters.join()) {
    complain(node, 'parameters are tensors (Cells) first, then scalars (number)');
  }
  if (kind !== 'kernel' && inputs.length > 0)
    complain(node, 'only a kernel can take Cells; webasm passes no arrays on');
}

function checkNode(node, complain) {
  if (ts.isWhileStatement(node) || ts.isDoStatement(node)) complain(node, 'while stops after 1000 rounds; use for');
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) complain(node, 'use for (let k = 0; k < …; k++)');
  if (ts.isContinueStatement(node)) complain(node, 'continue gives wrong results on GPUs; use if');
  if (ts.isForStatement(node)) checkLoop(node, complain);
  if (ts.isBinaryExpression(node)) checkBinary(node, complain);
  if (ts.isCallExpression(node)) checkCall(node, complain);
  ts.forEachChild(node, (child) => checkNode(child, complain));
}

/** Bounds that aren't known to the compiler stop at 1000 without a word. */
function checkLoop(node, complain) {
  const { condition, incrementor } = node;
  const isBounded =
    condition !== undefined &&
    ts.isBinaryExpression(condition) &&
    condition.operatorToken.kind === ts.SyntaxKind.LessThanToken &&
    (ts.isNumericLiteral(condition.right) || condition.right.getText().startsWith('this.constants.'));
  if (!isBounded)
    complain(node, 'a loop ends at `k < number` or `k < this.constants.name`, else it stops after 1000 rounds');
  const isUpward =
    incrementor !== undefined &&
    ts.isPostfixUnaryExpression(incrementor) &&
    incrementor.operator === ts.SyntaxKind.PlusPlusToken;
  if (!isUpward) complain(node, 'a loop counts by k++; others do not compile on WebGPU');
}

function checkBinary({ left, right, operatorToken }, complain) {
  if (operatorToken.kind === ts.SyntaxKind.PercentToken) complain(operatorToken, '% is inexact; use remainder()');
  const compares = /^[!=]==?$/.test(operatorToken.getText());
  if (compares && left.getText() === right.getText())
    complain(operatorToken, 'comparing with itself does not find NaN on WebGPU');
}

function checkCall(node, complain) {
  const { expression, arguments: args } = node;
  if (!ts.isPropertyAccessExpression(expression)) return;
  const [object, name] = [expression.expression.getText(), expression.name.text];
  if (object !== 'Math') return;
  const substitute = substitutes.get(name);
  if (substitute !== undefined && !node.getSourceFile().fileName.endsWith(substitutesFile)) {
    complain(node, `Math.${name} is wrong for NaN on some GPUs; use ${substitute}()`);
  } else if (!mathFunctions.has(name)) complain(node, `Math.${name} is not available in every mode`);
  if ((name === 'max' || name === 'min') && args.length !== 2) complain(node, `Math.${name} takes two numbers`);
  if (name === 'floor' && isInexactQuotient(args[0])) {
    complain(node, 'Math.floor(a / b) is off by one on WebGPU; use quotient()');
  }
}

/** a / b, unless a is (i + 0.5), which no rounding moves across a whole number. */
function isInexactQuotient(node) {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.SlashToken) return false;
  return !/\+ 0\.5\)$/.test(node.left.getText());
}

/** A name declared again inside is silently the outer one in webasm. */
function checkNames(node, outer, complain) {
  const here = [];
  const declare = (name) => {
    if (outer.includes(name.text))
      complain(name, `'${name.text}' is declared outside already; webasm mixes the two up`);
    here.push(name.text);
  };
  if (ts.isFunctionDeclaration(node)) {
    for (const { name } of node.parameters) if (name.text !== 'this') declare(name);
  }
  const visitSameScope = (child) => {
    if (ts.isVariableDeclaration(child)) declare(child.name);
    if (ts.isBlock(child) || ts.isForStatement(child)) return;
    ts.forEachChild(child, visitSameScope);
  };
  ts.forEachChild(node, visitSameScope);
  const visitInner = (child) => {
    if (ts.isBlock(child) || ts.isForStatement(child)) checkNames(child, [...outer, ...here], complain);
    else ts.forEachChild(child, visitInner);
  };
  ts.forEachChild(node, visitInner);
}
