/**
 * @file JSON texts that were valid once: members replaced, removed, renamed, given twice, nested deeply.
 */
import fc from 'fast-check';
import { hostileNumberText, hostileText } from './hostileValues.js';

/** JSON as it is written: numbers keep their digits, and an object may have a member twice. */
type Node = string | { readonly list: readonly Node[] } | { readonly members: readonly Member[] };
type Member = readonly [name: string, value: Node];

/** What is done at one place of the tree, counted in the order of the text. */
interface Edit {
  readonly place: number;
  readonly change: (node: Node, all: readonly Node[]) => Node;
  /** Changes the member whose value stands there; gone, if it becomes none. */
  readonly member?: (member: Member) => readonly Member[];
}

const DEPTHS = [1, 7, 8, 9, 100, 20_000];

function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) return { list: value.map(nodeOf) };
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return {
    members: Object.entries(value).flatMap(([name, item]) => (item === undefined ? [] : [[name, nodeOf(item)]])),
  };
}

function textOf(node: Node): string {
  if (typeof node === 'string') return node;
  if ('list' in node) return `[${node.list.map(textOf).join()}]`;
  return `{${node.members.map(([name, value]) => `${JSON.stringify(name)}:${textOf(value)}`).join()}}`;
}

function allNodes(node: Node): Node[] {
  if (typeof node === 'string') return [node];
  const inner = 'list' in node ? node.list : node.members.map(([, value]) => value);
  return [node, ...inner.flatMap(allNodes)];
}

/** The tree with the edit done at its place. */
function edited(root: Node, edit: Edit): Node {
  const all = allNodes(root);
  const target = edit.place % all.length;
  let counted = -1;
  const visit = (node: Node): Node => {
    counted += 1;
    if (counted === target) return edit.change(node, all);
    if (typeof node === 'string') return node;
    if ('list' in node) return { list: node.list.map(visit) };
    return {
      members: node.members.flatMap((member) => {
        const isTarget = counted + 1 === target;
        const value = visit(member[1]);
        const changed: Member = [member[0], value];
        return isTarget && edit.member ? edit.member(changed) : [changed];
      }),
    };
  };
  return visit(root);
}

const hostileNode: fc.Arbitrary<Node> = fc.oneof(
  hostileNumberText,
  hostileText.map((text) => JSON.stringify(text)),
  fc.constantFrom<Node>('null', 'true', 'false', { list: [] }, { members: [] }, '""'),
  fc.array(hostileNumberText, { maxLength: 6 }).map((list) => ({ list })),
  fc
    .tuple(fc.constantFrom(100, 1000, 20_000), fc.constantFrom('1', '"a"', '{}', 'null'))
    .map(([length, item]) => ({ list: new Array<Node>(length).fill(item) })),
  hostileText.map((name) => ({ members: [[name, '0'] satisfies Member] })),
);

const same = (node: Node): Node => node;
const place = fc.nat(400);
const edits: fc.Arbitrary<Edit> = fc.oneof(
  { arbitrary: fc.record({ place, change: hostileNode.map((node) => () => node) }), weight: 8 },
  { arbitrary: fc.record({ place, change: fc.constant(same), member: fc.constant(() => []) }), weight: 2 },
  {
    arbitrary: fc.record({
      ...{ place, change: fc.constant(same) },
      member: hostileText.map((name) => ([, value]: Member) => [[name, value] satisfies Member]),
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      ...{ place, change: fc.constant(same) },
      member: fc.tuple(hostileText, fc.boolean()).map(([name, again]) => (member: Member) => {
        return [member, [again ? member[0] : name, member[1]] satisfies Member];
      }),
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      place,
      change: fc.nat(400).map((other) => (_: Node, all: readonly Node[]) => all[other % all.length] ?? 'null'),
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      place,
      change: fc.tuple(fc.constantFrom(...DEPTHS), fc.boolean()).map(
        ([depth, list]) =>
          (node: Node) =>
            list
              ? `${'['.repeat(depth)}${textOf(node)}${']'.repeat(depth)}`
              : `${'{"a":'.repeat(depth)}${textOf(node)}${'}'.repeat(depth)}`,
      ),
    }),
    weight: 1,
  },
);

/** One of the values as JSON, changed in up to `most` places. */
export function mutatedJson(values: readonly unknown[], most = 3): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...values.map(nodeOf)), fc.array(edits, { maxLength: most, size: 'max' }))
    .map(([node, list]) => textOf(list.reduce(edited, node)));
}
