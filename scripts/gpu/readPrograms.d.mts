/** What a function of the kernel language says of itself; see readPrograms.mjs. */
export interface ReadFunction {
  readonly kind: 'kernel' | 'helper' | 'slot';
  readonly name: string;
  readonly source: string;
}

export function readPrograms(files: readonly { path: string; text: string }[]): Map<string, ReadFunction>;
