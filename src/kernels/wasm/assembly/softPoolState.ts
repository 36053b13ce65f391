/**
 * @file What the soft-pooling kernels keep at the start of their scratch: where the storages lie, and their factors.
 */
@unmanaged
export class SoftPoolState {
  x: usize;
  logits: usize;
  /** 0 in forward kernels. */
  cotangent: usize;
  result: usize;
  /** s: see softPoolScale.ts. */
  scale: f32;
  /** c/s: what a scaled deviation is multiplied by in the exponent. */
  exponent: f32;
  /** 1/(2s) and 1/s. */
  halfInverse: f32;
  inverse: f32;

  @inline
  get scaleLanes(): v128 {
    return v128.load32_splat(changetype<usize>(this), offsetof<SoftPoolState>('scale'));
  }

  @inline
  get exponentLanes(): v128 {
    return v128.load32_splat(changetype<usize>(this), offsetof<SoftPoolState>('exponent'));
  }

  @inline
  get halfInverseLanes(): v128 {
    return v128.load32_splat(changetype<usize>(this), offsetof<SoftPoolState>('halfInverse'));
  }

  @inline
  get inverseLanes(): v128 {
    return v128.load32_splat(changetype<usize>(this), offsetof<SoftPoolState>('inverse'));
  }
}
