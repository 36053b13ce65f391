/**
 * @file How near one picture is to another: PSNR and SSIM.
 *
 *   PSNR = −10 log₁₀ mean (a − b)² in dB, for values from 0 to 1
 *   SSIM = mean of (2 μₐμᵦ + c₁)(2 σₐᵦ + c₂) / ((μₐ² + μᵦ² + c₁)(σₐ² + σᵦ² + c₂)), local means by an 11 × 11 Gaussian
 *
 * Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural similarity" (2004).
 */
import { add, conv2d, div, mean, mul, noGrad, scope, sub, type Tensor, tensor } from 'softgrad';
import { luminance, type Picture } from '../pictures/picture.js';

export interface Quality {
  /** In dB; ∞ for equal pictures. */
  readonly psnr: number;
  /** At most 1, which equal pictures have. */
  readonly ssim: number;
}

/** Two pictures of one size, all three channels for PSNR, brightness for SSIM. */
export function quality(a: Picture, b: Picture): Quality {
  let sum = 0;
  for (let i = 0; i < a.planes.length; i++) sum += (a.planes[i]! - b.planes[i]!) ** 2;
  return { psnr: -10 * Math.log10(sum / a.planes.length), ssim: ssim(a, b) };
}

const WINDOW = 11;
const SIGMA = 1.5;
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

function ssim(a: Picture, b: Picture): number {
  const shape = [1, 1, a.height, a.width];
  const result = scope(() =>
    noGrad(() => {
      const x = tensor(luminance(a), { shape });
      const y = tensor(luminance(b), { shape });
      const blur = gaussianBlur(Math.min(WINDOW, a.height, a.width));
      const [meanX, meanY] = [blur(x), blur(y)];
      const varianceX = sub(blur(mul(x, x)), mul(meanX, meanX));
      const varianceY = sub(blur(mul(y, y)), mul(meanY, meanY));
      const covariance = sub(blur(mul(x, y)), mul(meanX, meanY));
      const likeness = mul(add(mul(mul(meanX, meanY), 2), C1), add(mul(covariance, 2), C2));
      const largest = mul(add(add(mul(meanX, meanX), mul(meanY, meanY)), C1), add(add(varianceX, varianceY), C2));
      return mean(div(likeness, largest));
    }),
  );
  const [value] = result.dataSync();
  result.dispose();
  return value ?? Number.NaN;
}

/** Local Gaussian means, one axis after the other, only where the whole window lies inside. */
function gaussianBlur(size: number): (x: Tensor) => Tensor {
  const bell = Array.from({ length: size }, (_, i) => Math.exp(-((i - (size - 1) / 2) ** 2) / (2 * SIGMA ** 2)));
  const total = bell.reduce((sum, value) => sum + value, 0);
  const weights = Float32Array.from(bell, (value) => value / total);
  const vertical = tensor(weights, { shape: [1, 1, size, 1] });
  const horizontal = tensor(weights, { shape: [1, 1, 1, size] });
  return (x) => conv2d(conv2d(x, vertical), horizontal);
}
