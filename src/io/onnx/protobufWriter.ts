/**
 * @file Writing protocol buffers (https://protobuf.dev/programming-guides/encoding): a message is a row of fields, each a tag
 * (field number and wire type) and a value.
 */

/** How a value is laid out behind its tag. */
const WIRE = { varint: 0, lengthPrefixed: 2, fixed32: 5 } as const;

/** One message. Fields stand in the order in which they are written; a repeated field is written once per value. */
export class ProtobufWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** An int32, int64 or enum; negative ones take ten bytes. */
  int(field: number, value: number | bigint): this {
    return this.#tag(field, WIRE.varint).#append(varint(BigInt.asUintN(64, BigInt(value))));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#tag(field, WIRE.fixed32).#append(bytes);
  }

  /** The bytes are kept, not copied, until `finish`. */
  bytes(field: number, value: Uint8Array): this {
    return this.#tag(field, WIRE.lengthPrefixed)
      .#append(varint(BigInt(value.length)))
      .#append(value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** A message within this one, filled by `write`. */
  message(field: number, write: (inner: ProtobufWriter) => void): this {
    const inner = new ProtobufWriter();
    write(inner);
    this.#tag(field, WIRE.lengthPrefixed).#append(varint(BigInt(inner.length)));
    for (const chunk of inner.#chunks) this.#append(chunk);
    return this;
  }

  /** How many bytes there are so far. */
  get length(): number {
    return this.#length;
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }

  #tag(field: number, wire: number): this {
    return this.#append(varint(BigInt(field * 8 + wire)));
  }

  #append(chunk: Uint8Array): this {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    return this;
  }
}

/** Seven bits a byte, lowest first; the eighth says that more follow. */
function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
