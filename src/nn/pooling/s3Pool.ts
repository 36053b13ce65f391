/**
 * @file S3Pool (Zhai, Wu, Kumar, Cheng, Lu, Zhang and Feris, "S3Pool: pooling with stochastic spatial sampling", CVPR 2017): max
 * pooling at every position, then a random row and column out of every s.
 *
 *   m = max over the window at every position      training: y[i, j] = m[rᵢ, cⱼ], rᵢ drawn from rows i·s, …, i·s + s − 1, cⱼ alike
 *   evaluation: y[i, j] = the mean of m over these rows and columns
 *
 * In training the maximal cell of the drawn position takes the gradient; in evaluation the maximal cells of all positions take a
 * share each. Rows and columns are drawn once per call, for all images and channels, and the grid is the stride, the paper's
 * default. Without a stride it is max pooling. Positions lie behind one another from the window on, so y is centred (s − 1)/2
 * cells behind the centre of the window that other poolings see.
 */
import { windowMean } from '../../ops/avgPool.js';
import { broadcastTo, mul, reshape } from '../../ops/index.js';
import { windowPick } from '../../ops/maxPool.js';
import type { PoolWindow } from '../../ops/poolWindow.js';
import { tensor } from '../../tensor/create.js';
import type { Generator } from '../../tensor/generator.js';
import { defaultGenerator } from '../../tensor/random.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Rank } from '../rank.js';
import { denseMax } from './denseMax.js';
import { labelOf, PoolLayer, windowOn } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';
import type { RandomPoolLayerOptions } from './stochasticPool.js';

/** S3Pool over one, two or three axes. */
export class S3Pool extends PoolLayer {
  readonly generator: Generator;

  constructor(rank: Rank, options: RandomPoolLayerOptions) {
    super(rank, options);
    this.generator = options.generator ?? defaultGenerator;
  }

  override forward(x: Tensor): Tensor {
    const { map, strips } = denseMax(labelOf(this), x, windowOn(this, x));
    if (strips.geometry.stride.every((stride) => stride === 1)) return map;
    return this.training
      ? windowPick(map, drawnPositions(map, strips, this.generator), strips)
      : windowMean(map, strips);
  }
}

/** 1 at one position of every strip, else 0: the product of one draw per axis. */
function drawnPositions(map: Tensor, { rank, geometry }: PoolWindow, generator: Generator): Tensor {
  const { dtype, backend } = map;
  const axes = ([0, 1, 2] as const).slice(3 - rank).map((axis, i) => {
    const chosen = drawnOnAxis(geometry.input[axis], geometry.stride[axis], generator);
    return reshape(tensor(chosen, { dtype, backend }), [-1, ...new Array<number>(rank - 1 - i).fill(1)]);
  });
  return broadcastTo(
    axes.reduce((product, chosen) => mul(product, chosen)),
    map.shape,
  );
}

function drawnOnAxis(positions: number, stride: number, generator: Generator): Float32Array {
  const chosen = new Float32Array(positions);
  for (let start = 0; start < positions; start += stride) {
    chosen[start + generator.integer(Math.min(stride, positions - start))] = 1;
  }
  return chosen;
}

export const s3: PoolStrategy = {
  summary: 'dense max pooling, thinned out at random; in evaluation averaged (S3Pool)',
  formula: 'y = m[r, c], r and c random, m the dense max',
  source: 'Zhai et al., CVPR 2017',
  shift: (stride) => (stride - 1) / 2,
  create: ({ rank, ...options }) => new S3Pool(rank, options),
};
