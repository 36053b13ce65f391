/**
 * @file Training that went wrong: the step, and the layer in which the first value that isn't finite appeared.
 */

/** A loss or a gradient that isn't finite. No update was made from it. */
export class NonFiniteError extends Error {
  override readonly name = 'NonFiniteError';

  /**
   * @param what what isn't finite: `loss`, or `gradient norm`
   * @param where where that began, such as `layer2.0.conv1 (Conv2d)`
   */
  constructor(
    readonly what: string,
    readonly value: number,
    readonly step: number,
    readonly epoch: number,
    readonly where: string,
  ) {
    super(
      `fit: the ${what} is ${value} at step ${step} (epoch ${epoch}); the first value that isn't finite is in ${where}; ` +
        'try a lower learning rate, a warm-up, or clipNorm',
    );
  }
}
