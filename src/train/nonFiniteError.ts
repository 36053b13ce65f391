/**
 * @file Training that went wrong: the step, and the layer in which the first value that isn't finite appeared.
 */

/** A loss, a gradient or weights that aren't finite. No update was made from such a loss or gradient, no checkpoint of such weights. */
export class NonFiniteError extends Error {
  override readonly name = 'NonFiniteError';

  /**
   * @param what what isn't finite: `loss`, `gradient norm`, or `update`, found when its result was to be saved
   * @param where where that began, such as `the output of layer2.0.conv1 (Conv2d)`
   * @param checkpoint the last one, from before that step
   */
  constructor(
    readonly what: string,
    readonly value: number,
    readonly step: number,
    readonly epoch: number,
    readonly where: string,
    readonly checkpoint?: { readonly path: string; readonly savedSteps: number | undefined },
  ) {
    const { path, savedSteps } = checkpoint ?? {};
    super(
      `fit: the ${what} is ${value} at step ${step} (epoch ${epoch}); the first value that isn't finite is in ${where}; ` +
        'try a lower learning rate, a warm-up, or clipNorm' +
        (savedSteps === undefined ? '' : `; the last good checkpoint is ${path}, after ${savedSteps} steps`),
    );
  }

  /** The same error, which also names the last checkpoint. */
  withCheckpoint(checkpoint: { readonly path: string; readonly savedSteps: number | undefined }): NonFiniteError {
    const { what, value, step, epoch, where } = this;
    const { path, savedSteps } = checkpoint;
    return new NonFiniteError(what, value, step, epoch, where, { path, savedSteps });
  }
}
