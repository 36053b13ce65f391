/**
 * @file Grows a program step by step. Every step is run at once, on small tensors of the reference set, so that its shape and
 * values are known to the next: a step that doesn't fit is left out, an input of exp is kept from overflowing.
 */
import { ArgumentError, noGrad, type Shape, ShapeError, type Tensor, tensor } from '../../src/index.js';
import { sizeOf } from '../../src/tensor/shape.js';
import { call } from './evaluate.js';
import { type Domain, inputValues, restricted } from './inputValues.js';
import { type Arg, type InputKind, type Leaf, type Program, Ref, refsIn, type Step } from './program.js';

/** Results with more cells are compared, but not calculated with. */
const MOST_CELLS = 3000;

export class ProgramBuilder {
  readonly #leaves: Leaf[] = [];
  readonly #steps: Step[] = [];
  readonly #xs: Tensor[] = [];
  readonly #ys: Tensor[] = [];
  readonly #kind: InputKind;
  readonly #seed: number;

  constructor(kind: InputKind, seed: number) {
    this.#kind = kind;
    this.#seed = seed;
  }

  /** A new input. */
  leaf(shape: Shape, domain: Domain = 'any'): Ref {
    const index = this.#leaves.length;
    const values = restricted(inputValues(this.#kind, sizeOf(shape), this.#seed + 7919 * index), domain);
    this.#leaves.push({ shape, values });
    this.#xs.push(tensor(values, { shape, backend: 'reference' }));
    return new Ref('x', index);
  }

  /** What `pick` chooses: 0 a new input of `shape`, else something that is there, the latest first. */
  any(pick: number, shape: Shape): Ref {
    const candidates = [...this.#xs.map((_, i) => new Ref('x', i)), ...this.#ys.map((_, i) => new Ref('y', i))]
      .filter((ref) => this.tensor(ref).size <= MOST_CELLS)
      .toReversed();
    return (pick > 0 && candidates[(pick - 1) % candidates.length]) || this.leaf(shape);
  }

  /** The same of a given shape: cells of what is there are repeated or cut off as needed. */
  shaped(pick: number, shape: Shape, domain: Domain = 'any'): Ref {
    if (pick === 0 || domain !== 'any') return this.leaf(shape, domain);
    const found = this.any(pick, shape);
    return this.tensor(found).size === 0 ? this.leaf(shape) : this.#fitted(found, shape);
  }

  /** Cells of `ref`, which has some, in another shape. */
  #fitted(ref: Ref, shape: Shape): Ref {
    const [has, needs] = [this.tensor(ref).size, sizeOf(shape)];
    if (`${this.shapeOf(ref)}` === `${shape}`) return ref;
    if (has === needs) return this.#call('reshape', ref, [...shape]);
    const copies = has < needs ? this.#call('broadcastTo', ref, [Math.ceil(needs / has), ...this.shapeOf(ref)]) : ref;
    const line = this.#call('reshape', copies, [-1]);
    const cut = this.tensor(line).size > needs ? this.#call('slice', line, [0], [needs]) : line;
    return this.#call('reshape', cut, [...shape]);
  }

  /** Runs a call and takes it into the program; undefined if it is one that the library refuses. */
  call(callee: string, ...args: Arg[]): Ref | undefined {
    try {
      return this.#call(callee, ...args);
    } catch (error) {
      if (error instanceof ShapeError || error instanceof ArgumentError) return undefined;
      throw error;
    }
  }

  #call(callee: string, ...args: Arg[]): Ref {
    const step = { callee, args };
    this.#ys.push(noGrad(() => call(step, this.#xs, this.#ys)));
    this.#steps.push(step);
    return new Ref('y', this.#steps.length - 1);
  }

  /** |x| + 1/8 where x has values that aren't positive. */
  positive(x: Ref): Ref {
    if (this.#every(x, (value) => value > 0)) return x;
    return this.#call('add', this.#call('abs', x), 0.125);
  }

  /** x, scaled down by a power of 2 if its largest value exceeds `most`. */
  bounded(x: Ref, most: number): Ref {
    const finite = Array.from(this.tensor(x).dataSync()).filter(Number.isFinite);
    const largest = finite.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
    return largest <= most ? x : this.#call('mul', x, 2 ** -Math.ceil(Math.log2(largest / most)));
  }

  #every(x: Ref, holds: (value: number) => boolean): boolean {
    return Array.from(this.tensor(x).dataSync()).every(holds);
  }

  shapeOf(ref: Ref): Shape {
    return this.tensor(ref).shape;
  }

  tensor({ kind, index }: Ref): Tensor {
    const found = (kind === 'x' ? this.#xs : this.#ys)[index];
    if (!found) throw new RangeError(`there is no ${kind}${index}`);
    return found;
  }

  /** The program so far: all results that no step takes up are its outputs. */
  build(options: Pick<Program, 'order' | 'style'>): Program {
    const used = new Set(this.#steps.flatMap(({ args }) => args.flatMap(refsIn)).map(({ name }) => name));
    const outputs = this.#steps.map((_, i) => new Ref('y', i)).filter(({ name }) => !used.has(name));
    return { leaves: this.#leaves, steps: this.#steps, outputs, inputs: this.#kind, ...options };
  }
}
