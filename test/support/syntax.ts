/** @file Reads what the house rules are about from a TypeScript file's syntax tree: imports, casts, long functions, code from text. */
import ts from 'typescript';

export interface ImportReference {
  readonly specifier: string;
  readonly line: number;
  /** Erased by the compiler: `import type`, `export type … from`, `import('…').T`. */
  readonly isType: boolean;
  /** `import('…')` or `require('…')`, run when reached. */
  readonly isDynamic: boolean;
}

/** Where a function stands; its comment doesn't count. */
export interface FunctionLines {
  readonly line: number;
  readonly length: number;
}

export interface Syntax {
  /** Static, re-exporting, dynamic and in type position, in order. */
  readonly imports: readonly ImportReference[];
  /** Lines that cast by way of `unknown`: `x as unknown as T`. */
  readonly unsafeCasts: readonly number[];
  readonly functions: readonly FunctionLines[];
  /** Where text may become code: `eval`, `Function`, `import(variable)`, `{ eval: true }`. */
  readonly codeFromText: readonly CodeFromText[];
}

export interface CodeFromText {
  readonly line: number;
  /** As written. */
  readonly code: string;
}

/** What a file's syntax tree says. */
export function readSyntax(path: string, text: string): Syntax {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const imports: ImportReference[] = [];
  const unsafeCasts: number[] = [];
  const functions: FunctionLines[] = [];
  const codeFromText: CodeFromText[] = [];

  const visit = (node: ts.Node): void => {
    const found = staticImport(node) ?? callImport(node) ?? typeImport(node);
    if (found !== undefined) imports.push({ ...found, line: lineAt(node.getStart(source)) });
    if (isUnsafeCast(node)) unsafeCasts.push(lineAt(node.getStart(source)));
    if (runsText(node)) codeFromText.push({ line: lineAt(node.getStart(source)), code: node.getText(source) });
    if (ts.isFunctionLike(node) && 'body' in node) {
      const line = lineAt(node.getStart(source));
      functions.push({ line, length: lineAt(node.end) - line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return { imports, unsafeCasts, functions, codeFromText };
}

type Found = Omit<ImportReference, 'line'> | undefined;

function staticImport(node: ts.Node): Found {
  if (ts.isImportDeclaration(node)) {
    const isType = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    return reference(node.moduleSpecifier, isType, false);
  }
  if (ts.isExportDeclaration(node)) return reference(node.moduleSpecifier, node.isTypeOnly, false);
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return reference(node.moduleReference.expression, node.isTypeOnly, false);
  }
  return undefined;
}

function callImport(node: ts.Node): Found {
  if (!ts.isCallExpression(node)) return undefined;
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  if (!isRequire && node.expression.kind !== ts.SyntaxKind.ImportKeyword) return undefined;
  return reference(node.arguments[0], false, true);
}

function typeImport(node: ts.Node): Found {
  if (!ts.isImportTypeNode(node) || !ts.isLiteralTypeNode(node.argument)) return undefined;
  return reference(node.argument.literal, true, false);
}

function reference(specifier: ts.Node | undefined, isType: boolean, isDynamic: boolean): Found {
  if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return undefined;
  return { specifier: specifier.text, isType, isDynamic };
}

function isUnsafeCast(node: ts.Node): boolean {
  if (!ts.isAsExpression(node)) return false;
  let inner = node.expression;
  while (ts.isParenthesizedExpression(inner)) inner = inner.expression;
  return ts.isAsExpression(inner) && inner.type.kind === ts.SyntaxKind.UnknownKeyword;
}

function runsText(node: ts.Node): boolean {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return !ts.isStringLiteralLike(node.arguments[0]!);
  }
  if (ts.isPropertyAssignment(node)) return ts.isIdentifier(node.name) && node.name.text === 'eval';
  return isGlobal(node, 'eval') || isGlobal(node, 'Function');
}

/** Whether `node` is the global of this name as a value: bare, or a property of the global object. */
function isGlobal(node: ts.Node, name: string): boolean {
  if (!ts.isIdentifier(node) || node.text !== name) return false;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return ts.isIdentifier(parent.expression) && /^(globalThis|window|self|global)$/.test(parent.expression.text);
  }
  const isName = 'name' in parent && parent.name === node;
  return !isName && !ts.isTypeNode(parent);
}
