/**
 * @file The geometry of a Winograd convolution and how its work is cut into tasks, bands and blocks.
 *
 * A band is some rows of tiles of one image (all of them, if the image is small). It is copied with its zero padding into
 * channels-last layout; its tiles are then transformed and multiplied in blocks that fit the second-level cache. A task is a few bands.
 * All of this depends on the geometry alone, never on the number of threads.
 */

/** The i32 struct that describes a 3×3 convolution of stride 1: x [N, Cin, D, H, W], weights [Cout, Cin, 1, 3, 3]. */
@unmanaged
export class WinogradGeometry {
  batch: i32;
  inChannels: i32;
  outChannels: i32;
  depth: i32;
  height: i32;
  width: i32;
  paddingHeight: i32;
  paddingWidth: i32;
  /** Rows and columns of an output tile, m: 2 for F(2×2), 4 for F(4×4). */
  tile: i32;

  get outHeight(): i32 { return this.height + 2 * this.paddingHeight - 2; }
  get outWidth(): i32 { return this.width + 2 * this.paddingWidth - 2; }
  get tileRows(): i32 { return ceilDivide(this.outHeight, this.tile); }
  get tileColumns(): i32 { return ceilDivide(this.outWidth, this.tile); }
  /** α², the number of products per tile and pair of channels. */
  get positions(): i32 { return (this.tile + 2) * (this.tile + 2); }

  /** Rows of tiles in a band: an eighth of a small batch, at least 32 and at most 256 tiles where the image has them. */
  get bandTileRows(): i32 {
    const share = ceilDivide(this.tileRows * this.batch * this.depth, 8);
    const rows = max(share, ceilDivide(32, this.tileColumns));
    return min(this.tileRows, min(rows, max(1, 256 / this.tileColumns)));
  }
  get bandsPerImage(): i32 { return ceilDivide(this.tileRows, this.bandTileRows); }
  get bands(): i32 { return this.batch * this.depth * this.bandsPerImage; }

  /** Bytes of one pixel of a channels-last copy of `channels` channels. */
}

export function ceilDivide(a: i32, b: i32): i32 {
  return (a + b - 1) / b;
}

/** Channels in memory come in eights, the width of the multiplication's register tile. */
export function paddedChannels(channels: i32): i32 {
  return (channels + 7) & ~7;
}

/** Rounds up to an odd number of cache lines: arrays so far apart spread over all sets of a cache, at a power of two they share one. */
export function oddLines(bytes: i32): usize {
  return ((bytes + 63) & ~63) | 64;
}
