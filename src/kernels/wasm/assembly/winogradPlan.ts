/**
 * @file The plan of a Winograd convolution: how images are cut into tiles, bands and blocks.
 *
 * A tile is m×m outputs and the (m + 2)×(m + 2) sources that they read. A band is some rows of tiles of one image, all
 * of them if the image is small: it is copied into channels-last layout, zeros around it. Its tiles are transformed and
 * multiplied in blocks of a size that the first two levels of the cache hold. A task is one or more bands.
 *
 * Forward, the source is x and the target y; for the input gradient they are the cotangent and the gradient, and for
 * the weight gradient x and the cotangent.
 */
import { ConvGeometry } from './convGeometry';
import { alignBytes, ceilDiv, Plan } from './plan';

/** Tasks worth having, so that many threads share small batches, and the tiles that make up for a task's set-up. */
const WANTED_TASKS: i32 = 16;
const LEAST_TILES: i32 = 48;
const MOST_TILES: i32 = 256;

/** What a Winograd convolution is given: the geometry of a 1×3×3 convolution of stride 1, and m, 2 or 4. */
@unmanaged
export class WinogradGeometry extends ConvGeometry {
  tile: i32;
}

@unmanaged
export class WinogradPlan extends Plan {
  /** m, and the number of positions in a transformed tile, (m + 2)². */
  tile: i32;
  positions: i32;
  /** Images are slices of constant depth. */
  images: i32;
  depth: i32;
  sourceChannels: i32;
  sourceHeight: i32;
  sourceWidth: i32;
  targetChannels: i32;
  targetHeight: i32;
  targetWidth: i32;
  paddingHeight: i32;
  paddingWidth: i32;
  tileRows: i32;
  tileColumns: i32;
  bandTileRows: i32;
  bandsPerImage: i32;
  bands: i32;
  bandsPerTask: i32;
  /** Tiles of a block. */
  block: i32;
  /** Bytes of a pixel in a channels-last copy, and from one position of a block to the next. */
  sourcePixel: i32;
  targetPixel: i32;
  sourcePosition: i32;
  targetPosition: i32;
  sourceBandBytes: i32;
  targetBandBytes: i32;

  /** Bytes from one channel to the next. */
  get sourcePlane(): usize {
    return <usize>(this.depth * this.sourceHeight * this.sourceWidth) << 2;
  }
  get targetPlane(): usize {
    return <usize>(this.depth * this.targetHeight * this.targetWidth) << 2;
  }

  /** Bytes from the start of the batch to the first channel of an image. */
  sourceImage(image: i32): usize {
    const slice = this.sourceHeight * this.sourceWidth;
    return this.sourcePlane * (image / this.depth) * this.sourceChannels + (<usize>((image % this.depth) * slice) << 2);
  }
  targetImage(image: i32): usize {
    const slice = this.targetHeight * this.targetWidth;
    return this.targetPlane * (image / this.depth) * this.targetChannels + (<usize>((image % this.depth) * slice) << 2);
  }
}

/** Channels of a pixel in memory: whole panels of eight, the width of a register tile. */
@inline
export function paddedChannels(channels: i32): i32 {
  return (channels + 7) & ~7;
}

/**
 * Fills in all but the sizes of workspace and scratch and the numbers of tasks.
 *
 * @param sourceChannels, targetChannels of a pixel: those that a task takes at once
 * @param block tiles of a block
 */
export function planTiles(
  plan: WinogradPlan,
  geometry: WinogradGeometry,
  inputGrad: bool,
  sourceChannels: i32,
  targetChannels: i32,
  block: i32,
): void {
  const tile = geometry.tile;
  plan.tile = tile;
  plan.positions = (tile + 2) * (tile + 2);
  plan.depth = geometry.input0;
  plan.images = geometry.batch * geometry.input0;
  plan.sourceChannels = inputGrad ? geometry.outChannels : geometry.inChannels;
  plan.targetChannels = inputGrad ? geometry.inChannels : geometry.outChannels;
  plan.sourceHeight = inputGrad ? geometry.output1 : geometry.input1;
  plan.sourceWidth = inputGrad ? geometry.output2 : geometry.input2;
  plan.targetHeight = inputGrad ? geometry.input1 : geometry.output1;
  plan.targetWidth = inputGrad ? geometry.input2 : geometry.output2;
  plan.paddingHeight = inputGrad ? 2 - geometry.padding1 : geometry.padding1;
  plan.paddingWidth = inputGrad ? 2 - geometry.padding2 : geometry.padding2;
  chooseBands(plan);
  plan.block = block;
  plan.sourcePixel = paddedChannels(sourceChannels) * 4;
  plan.targetPixel = paddedChannels(targetChannels) * 4;
  plan.sourcePosition = oddLines(block * plan.sourcePixel);
  plan.targetPosition = oddLines(block * plan.targetPixel);
  const rows = plan.bandTileRows * tile;
  const columns = plan.tileColumns * tile;
  plan.sourceBandBytes = alignBytes((rows + 2) * (columns + 2) * plan.sourcePixel);
  plan.targetBandBytes = alignBytes(rows * columns * plan.targetPixel);
}

/** Cuts images into bands of a few hundred tiles, or of fewer if the batch is small. */
function chooseBands(plan: WinogradPlan): void {
  plan.tileRows = ceilDiv(plan.targetHeight, plan.tile);
  plan.tileColumns = ceilDiv(plan.targetWidth, plan.tile);
  const share = ceilDiv(plan.tileRows * plan.images, WANTED_TASKS);
  const wanted = min(max(share, ceilDiv(LEAST_TILES, plan.tileColumns)), max(1, MOST_TILES / plan.tileColumns));
  plan.bandsPerImage = ceilDiv(plan.tileRows, min(wanted, plan.tileRows));
  plan.bandTileRows = ceilDiv(plan.tileRows, plan.bandsPerImage);
  plan.bands = plan.images * plan.bandsPerImage;
  plan.bandsPerTask = ceilDiv(LEAST_TILES, min(LEAST_TILES, plan.bandTileRows * plan.tileColumns));
}

/**
 * Rounds up to an odd number of cache lines: things so far apart spread over all sets of a cache, at a power of two
 * they share one.
 */
@inline
export function oddLines(bytes: i32): i32 {
  return alignBytes(bytes) | 64;
}
