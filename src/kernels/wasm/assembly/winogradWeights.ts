/**
 * @file The weights of Winograd's convolution, transformed once for all images: U = G g Gᵀ.
 */
import { WinogradPlan } from './winogradPlan';
import { sandwich } from './winogradSandwich';
import { WeightTransform2 } from './winogradTransforms2';
import { WeightTransform4 } from './winogradTransforms4';

/** Vectors that a task works on: 9 weights, then those of `sandwich`. */
export const WEIGHT_VECTORS: i32 = 9 + 18;

/**
 * Writes U and the bias of the tasks' target channels, eight each; those that don't exist get zeros.
 *
 * @param weight [Cout, Cin, 1, 3, 3], or where `rotated`, [Cin, Cout, 1, 3, 3] to be turned by 180°
 * @param workspace bias [Cout'] · U [positions, Cout'/8, Cin, 8] · the tasks' vectors
 */
export function transformWeights(
  plan: WinogradPlan,
  weight: usize,
  bias: usize,
  rotated: bool,
  workspace: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const sources = plan.sourceChannels;
  const targets = plan.targetChannels;
  const position = <usize>(sources * plan.targetPixel);
  const transformed = workspace + plan.targetPixel;
  const vectors = transformed + position * plan.positions + <usize>(firstTask * WEIGHT_VECTORS * 16);
  for (let target = firstTask * 8; target < lastTask * 8; target += 4) {
    for (let t = target; t < target + 4; t++) {
      f32.store(workspace + (t << 2), bias && t < targets ? f32.load(bias + (t << 2)) : 0);
    }
    let panel = transformed + <usize>((target >> 3) * sources * 32 + (target & 4) * 4);
    for (let source = 0; source < sources; source++) {
      for (let lane = 0; lane < 4; lane++) {
        const t = target + lane;
        const pair = weight + <usize>(rotated ? source * targets + t : t * sources + source) * 36;
        for (let tap = 0; tap < 9; tap++) {
          const from = pair + ((rotated ? 8 - tap : tap) << 2);
          f32.store(vectors + (tap << 4) + (lane << 2), t < targets ? f32.load(from) : 0);
        }
      }
      if (plan.tile == 4) sandwich<WeightTransform4>(vectors, 48, 16, panel, position * 6, position, vectors + 144);
      else sandwich<WeightTransform2>(vectors, 48, 16, panel, position * 4, position, vectors + 144);
      panel += 32;
    }
  }
}
