/** @file Reads what the house rules are about from a TypeScript file's syntax tree: imports, casts, long functions. */
import ts from 'typescript';

export interface ImportReference {
  readonly specifier: string;
  readonly line: number;
  /** Erased by the compiler: `import type`, `export type … from`, `import('…').T`. */
  readonly isType: boolean;
  /** `import('…')` or `require('…')`, run when reached. */
  readonly isDynamic: boolean;
}

interface Text {
  readonly path: string;
  readonly text: string;
}

/** Every import of a file, in order: static, re-exporting, dynamic and in type position. */
export function importsOf(file: Text): ImportReference[] {
  const references: ImportReference[] = [];
  visitNodes(file, (node, line) => {
    const found = staticImport(node) ?? callImport(node) ?? typeImport(node);
    if (found !== undefined) references.push({ ...found, line });
  });
  return references;
}

/** The lines that cast by way of `unknown`: `x as unknown as T`. */
export function unsafeCastLines(file: Text): number[] {
  const lines: number[] = [];
  visitNodes(file, (node, line) => {
    if (!ts.isAsExpression(node) || node.type.kind === ts.SyntaxKind.UnknownKeyword) return;
    const inner = skipParentheses(node.expression);
    if (ts.isAsExpression(inner) && inner.type.kind === ts.SyntaxKind.UnknownKeyword) lines.push(line);
  });
  return lines;
}

/** The functions and methods of `limit` lines or more, each with its first line and its number of lines. */
export function longFunctions(file: Text, limit: number): { readonly line: number; readonly length: number }[] {
  const found: { line: number; length: number }[] = [];
  visitNodes(file, (node, line, lastLine) => {
    if (!ts.isFunctionLike(node) || !('body' in node)) return;
    const length = lastLine - line + 1;
    if (length >= limit) found.push({ line, length });
  });
  return found;
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

function visitNodes({ path, text }: Text, visitor: (node: ts.Node, line: number, lastLine: number) => void): void {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node: ts.Node): void => {
    visitor(node, lineOf(node.getStart(source)), lineOf(node.end));
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
}

function skipParentheses(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ? skipParentheses(node.expression) : node;
}
