/**
 * @file A kernel as text: what scripts/buildGpu.mjs makes of a function in programs/.
 */

/** A function that kernels call. */
export interface Helper {
  readonly name: string;
  readonly source: string;
  readonly parameters: readonly string[];
  /** What it calls itself. */
  readonly helpers: readonly Helper[];
}

/** A kernel, with the names of what it takes: tensors, numbers that may differ with every call, and compiled-in numbers. */
export interface Program<
  Inputs extends string = string,
  Scalars extends string = string,
  Constants extends string = string,
  Slots extends string = string,
> {
  readonly name: string;
  readonly source: string;
  readonly inputs: readonly Inputs[];
  readonly scalars: readonly Scalars[];
  readonly constants: readonly Constants[];
  /** Functions that it calls and `withFunctions` supplies, with the names of their parameters. */
  readonly slots: Readonly<Record<Slots, readonly string[]>>;
  readonly helpers: readonly Helper[];
  /** Cells that a thread writes. */
  readonly cellsPerThread: 1 | 4;
  /** Whether it computes indices, which are float32 and so tell no more than 2²⁴ cells apart. */
  readonly computesIndices: boolean;
}

/**
 * The program with its slots filled: `withFunctions(map, { apply: square })` is the kernel of x². A function may leave out the
 * last parameters of its slot.
 */
export function withFunctions<I extends string, S extends string, C extends string, Slots extends string>(
  program: Program<I, S, C, Slots>,
  functions: Readonly<Record<Slots, Helper>>,
): Program<I, S, C, never> {
  const filled = (Object.entries(functions) as [Slots, Helper][]).map(([slot, helper]): Helper => {
    const parameters = program.slots[slot];
    const passedOn = parameters.slice(0, helper.parameters.length);
    const source = `function ${slot}(${parameters.join(', ')}) { return ${helper.name}(${passedOn.join(', ')}); }`;
    return { name: slot, parameters, source, helpers: [helper] };
  });
  const names = Object.values<Helper>(functions).map(({ name }) => name);
  return {
    ...program,
    name: `${program.name}(${names.join(', ')})`,
    slots: {},
    helpers: [...program.helpers, ...filled],
  };
}

/** Everything that a program calls, each function once. */
export function allHelpers({ helpers }: Pick<Program, 'helpers'>): Helper[] {
  const found = new Map<string, Helper>();
  const visit = (helper: Helper): void => {
    if (found.has(helper.name)) return;
    found.set(helper.name, helper);
    helper.helpers.forEach(visit);
  };
  helpers.forEach(visit);
  return [...found.values()];
}
