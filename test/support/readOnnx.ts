/**
 * @file Reads what the tests look at in an ONNX file, by a protocol buffer reader that knows nothing of the writer.
 */

export interface ReadOnnx {
  readonly opset: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly nodes: readonly { readonly opType: string; readonly inputs: readonly string[]; readonly output: string }[];
  readonly initializers: ReadonlyMap<string, { readonly shape: readonly number[]; readonly bytes: Uint8Array }>;
  /** A string where the size has a name. */
  readonly inputShape: readonly (number | string)[];
  readonly outputShape: readonly (number | string)[];
}

type Field = number | Uint8Array;

/** The fields of a message by number. */
function fieldsOf(bytes: Uint8Array): Map<number, Field[]> {
  const fields = new Map<number, Field[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('the message ends within a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Error('the message ends within a field');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = tag & 7;
    if (wire !== 0 && wire !== 2 && wire !== 5) throw new Error(`no wire type ${wire} here`);
    const value = wire === 0 ? varint() : take(wire === 5 ? 4 : varint());
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}

const text = (field: Field | undefined): string =>
  field instanceof Uint8Array ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(field) : '';
const messages = (fields: Map<number, Field[]>, number: number): Map<number, Field[]>[] =>
  (fields.get(number) ?? []).flatMap((field) => (field instanceof Uint8Array ? [fieldsOf(field)] : []));

/** Sizes of a ValueInfoProto. */
function shapeOf(value: Map<number, Field[]>): (number | string)[] {
  const [type] = messages(value, 2).flatMap((outer) => messages(outer, 1));
  const [shape] = type ? messages(type, 2) : [];
  return (shape ? messages(shape, 1) : []).map((dimension) => {
    const [size] = dimension.get(1) ?? [];
    return typeof size === 'number' ? size : text(dimension.get(2)?.[0]);
  });
}

export function readOnnx(bytes: Uint8Array): ReadOnnx {
  const model = fieldsOf(bytes);
  const [graph] = messages(model, 7);
  const [opset] = messages(model, 8);
  if (!graph || !opset) throw new Error('no graph or no operator set');
  return {
    opset: Number(opset.get(2)?.[0]),
    metadata: Object.fromEntries(
      messages(model, 14).map((entry) => [text(entry.get(1)?.[0]), text(entry.get(2)?.[0])]),
    ),
    nodes: messages(graph, 1).map((node) => ({
      opType: text(node.get(4)?.[0]),
      inputs: (node.get(1) ?? []).map(text),
      output: text(node.get(2)?.[0]),
    })),
    initializers: new Map(
      messages(graph, 5).map((tensor) => {
        const raw = tensor.get(9)?.[0];
        const bytes = raw instanceof Uint8Array ? raw : new Uint8Array();
        return [text(tensor.get(8)?.[0]), { shape: (tensor.get(1) ?? []).map(Number), bytes }];
      }),
    ),
    inputShape: messages(graph, 11).flatMap(shapeOf),
    outputShape: messages(graph, 12).flatMap(shapeOf),
  };
}
