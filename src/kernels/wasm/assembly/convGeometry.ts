/**
 * @file What a convolution is given: 22 numbers, as the host lays them out.
 *
 * x [batch, inChannels, …input], weight [outChannels, inChannels/groups, …kernel], y [batch, outChannels, …output]; the
 * three spatial axes are depth, height, width, unit axes where there are fewer.
 *
 *   y[n, o, p] = Σ_{i, t} weight[o, i, t] · x[n, i, p·stride + t·dilation − padding], x being 0 outside
 */

/** The spatial axes. */
export const AXES: i32 = 3;
export const WIDTH: i32 = 2;

/** i32 each, in this order; the triples of numbers are depth, height, width. */
@unmanaged
export class ConvGeometry {
  batch: i32;
  inChannels: i32;
  outChannels: i32;
  groups: i32;
  input0: i32;
  input1: i32;
  input2: i32;
  output0: i32;
  output1: i32;
  output2: i32;
  kernel0: i32;
  kernel1: i32;
  kernel2: i32;
  stride0: i32;
  stride1: i32;
  stride2: i32;
  padding0: i32;
  padding1: i32;
  padding2: i32;
  dilation0: i32;
  dilation1: i32;
  dilation2: i32;

  input(axis: i32): i32 {
    return load<i32>(changetype<usize>(this) + (axis << 2), offsetof<ConvGeometry>('input0'));
  }
  output(axis: i32): i32 {
    return load<i32>(changetype<usize>(this) + (axis << 2), offsetof<ConvGeometry>('output0'));
  }
  kernel(axis: i32): i32 {
    return load<i32>(changetype<usize>(this) + (axis << 2), offsetof<ConvGeometry>('kernel0'));
  }
  stride(axis: i32): i32 {
    return load<i32>(changetype<usize>(this) + (axis << 2), offsetof<ConvGeometry>('stride0'));
  }
  padding(axis: i32): i32 {
    return load<i32>(changetype<usize>(this) + (axis << 2), offsetof<ConvGeometry>('padding0'));
  }
  dilation(axis: i32): i32 {
    return load<i32>(changetype<usize>(this) + (axis << 2), offsetof<ConvGeometry>('dilation0'));
  }

  get inPerGroup(): i32 {
    return this.inChannels / this.groups;
  }
  get outPerGroup(): i32 {
    return this.outChannels / this.groups;
  }
  get inputVolume(): i32 {
    return this.input0 * this.input1 * this.input2;
  }
  get outputVolume(): i32 {
    return this.output0 * this.output1 * this.output2;
  }
  /** Cells of a window. */
  get taps(): i32 {
    return this.kernel0 * this.kernel1 * this.kernel2;
  }
}
