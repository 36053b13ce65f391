/**
 * @file A classifier without training: what a data set's classes differ in on average, it finds.
 */

export interface CentroidTask {
  /** Features of sample i, which is of class i modulo `classes`, as in the procedural data sets. */
  readonly train: readonly ArrayLike<number>[];
  readonly held: readonly ArrayLike<number>[];
  readonly classes: number;
}

/**
 * The share of the held samples that are nearest to the mean of their own class, features measured in units of their deviation.
 */
export function nearestCentroid({ train, held, classes }: CentroidTask): number {
  const size = train[0]?.length ?? 0;
  const axes = Array.from({ length: size }, (_, axis) => axis);
  const meanOf = (samples: readonly ArrayLike<number>[]): number[] =>
    axes.map((axis) => samples.reduce((sum, sample) => sum + sample[axis]!, 0) / samples.length);
  const centre = meanOf(train);
  const variance = meanOf(train.map((sample) => axes.map((axis) => (sample[axis]! - centre[axis]!) ** 2)));
  const centroids = Array.from({ length: classes }, (_, label) =>
    meanOf(train.filter((_, i) => i % classes === label)),
  );
  const distance = (sample: ArrayLike<number>, centroid: readonly number[]): number =>
    axes.reduce((sum, axis) => sum + (sample[axis]! - centroid[axis]!) ** 2 / (variance[axis]! || 1), 0);
  const right = held.filter((sample, i) => {
    const distances = centroids.map((centroid) => distance(sample, centroid));
    return distances.indexOf(Math.min(...distances)) === i % classes;
  });
  return right.length / held.length;
}
