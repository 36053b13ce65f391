/**
 * @file What turns a call of an operation into nodes.
 */
import type { Shape } from '../../tensor/shape.js';
import type { GraphBuilder } from './graphBuilder.js';

/** An operation's input: where it comes from, in the shape in which the operation sees it. */
export interface Operand {
  readonly name: string;
  readonly shape: Shape;
}

export interface ConvertedCall<I extends readonly (Operand | undefined)[], A> {
  readonly operation: string;
  readonly inputs: I;
  readonly attributes: A;
  /** Of the result. */
  readonly shape: Shape;
}

type AnyCall = ConvertedCall<readonly (Operand | undefined)[], unknown>;

/** Adds nodes and returns the name of the result. */
export type Converter = (graph: GraphBuilder, call: AnyCall) => string;

/** A converter for an operation with inputs `I` and attributes `A`, which its name stands for. */
export function converter<I extends readonly (Operand | undefined)[], A = undefined>(
  convert: (graph: GraphBuilder, call: ConvertedCall<I, A>) => string,
): Converter {
  return (graph, call) => convert(graph, call as ConvertedCall<I, A>);
}

/** Why a call can't be converted, without its name. */
export class NotConvertible extends Error {
  override readonly name = 'NotConvertible';
}
