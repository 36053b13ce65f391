/**
 * @file How far the numbers of `downsample` may be from what they are compared with, and why.
 */
export const tolerances = {
  float32: { within: 2e-6, reason: 'values from 0 to 1 are kept in float32: 2⁻²⁴ for each of a few operations' },
  float64: { within: 1e-12, reason: 'the same sums in another order, in float64' },
  softWeights: { within: 1e-5, reason: "the backend's exponentials are good to 2 ulp of float32" },
  libvips: {
    within: 2.5 / 255,
    reason: 'libvips keeps 8 bits between its two passes, and its filter weights at 1/64 of a pixel',
  },
} as const;
