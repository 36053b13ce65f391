/**
 * @file Reads PNG, JPEG, WebP and GIF files, by libvips.
 */
import { readFile } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { UsageError } from '../usageError.js';
import { isKnownPicture } from './isKnownPicture.js';
import { isWholeGif } from './isWholeGif.js';
import { PICTURE_FORMATS, type Picture, type PictureFormat } from './picture.js';

export interface DecodeOptions {
  /** Larger pictures are refused before they are decoded: width · height · frames. Default 2²⁴. */
  readonly maxPixels?: number | undefined;
  /** What the reader can do about a larger one: ends the message. */
  readonly ifLarger?: string | undefined;
  /** What shows through where the picture is transparent, as CSS writes colours. Default white. */
  readonly background?: string | undefined;
  /** 1 for grey, 3 for colour. Default: as in the file. */
  readonly channels?: 1 | 3 | undefined;
}

/** A picture and where it comes from. */
export interface DecodedPicture extends Picture {
  readonly format: PictureFormat;
  /** What had to be done to it, in words for the reader: transparency laid on white, and the like. */
  readonly notes: readonly string[];
}

export const DEFAULT_MAX_PIXELS = 2 ** 24;

/**
 * Reads a picture, upright (as its EXIF orientation says), in sRGB, with all frames of an animation. 16 bits per channel keep
 * their precision.
 *
 * @throws UsageError if the file can't be read, is of another format, is damaged or cut off, or has too many pixels
 */
export async function decodePicture(file: string, options?: DecodeOptions): Promise<DecodedPicture> {
  return decodeBytes(file, await readBytes(file), options);
}

/** Reads a picture from the bytes of a file; see `decodePicture`. */
export async function decodeBytes(
  file: string,
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Promise<DecodedPicture> {
  const { maxPixels = DEFAULT_MAX_PIXELS, ifLarger, background = 'white' } = options;
  const metadata = await readMetadata(file, bytes);
  const format = formatOf(file, metadata);
  checkSize(file, metadata, { maxPixels, ifLarger });
  if (format === 'gif' && !isWholeGif(bytes)) throw new UsageError(`${file} is damaged or cut off (within a frame)`);
  const grey = (options.channels ?? metadata.channels) <= 2;
  const deep = metadata.depth === 'ushort';
  const image = sharp(bytes, { animated: true, limitInputPixels: false, autoOrient: true })
    .flatten({ background })
    .toColourspace(deep ? (grey ? 'grey16' : 'rgb16') : grey ? 'b-w' : 'srgb');
  const { data, width, height } = await readPixels(file, image, deep);
  const frameCount = metadata.pages ?? 1;
  const transparent =
    metadata.hasAlpha && !(await sharp(bytes, { animated: true, limitInputPixels: false }).stats()).isOpaque;
  const size = { width, height: height / frameCount, channels: grey ? 1 : 3 } as const;
  return {
    ...size,
    frames: Array.from({ length: frameCount }, (_, frame) => planes(data, frame, size, deep ? 65535 : 255)),
    delays: metadata.delay ?? new Array<number>(frameCount).fill(0),
    loop: metadata.loop ?? 0,
    format,
    notes: [...(transparent ? [`transparent parts are laid on ${background}`] : []), ...notes(bytes, metadata)],
  };
}

/** Whether a background can be called that. */
export function isColour(text: string): boolean {
  try {
    sharp({ create: { width: 1, height: 1, channels: 3, background: text } });
    return true;
  } catch {
    return false;
  }
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new UsageError(`${file} can't be read (${reason(cause)})`, { cause });
  }
}

async function readMetadata(file: string, bytes: Uint8Array): Promise<Metadata> {
  if (bytes.length === 0) throw new UsageError(`${file} is empty; ${ALLOWED}`);
  if (!isKnownPicture(bytes)) throw new UsageError(`${file} is no picture that can be read; ${ALLOWED}`);
  try {
    return await sharp(bytes, { animated: true, limitInputPixels: false }).metadata();
  } catch (cause) {
    throw damaged(file, cause);
  }
}

const ALLOWED = 'allowed: PNG, JPEG, WebP, GIF';

function formatOf(file: string, { format }: Metadata): PictureFormat {
  const found = PICTURE_FORMATS.find((allowed) => allowed === format);
  if (found === undefined) throw new UsageError(`${file} is a picture of format ${format}; ${ALLOWED}`);
  return found;
}

function checkSize(
  file: string,
  { width, height, pages = 1 }: Metadata,
  { maxPixels, ifLarger }: { maxPixels: number; ifLarger: string | undefined },
): void {
  // An animation's frames lie below each other.
  const pixels = width * height;
  if (pixels <= maxPixels) return;
  const size = pages > 1 ? `${pages} frames of ${width} × ${height / pages}` : `${width} × ${height}`;
  const hint = ifLarger === undefined ? '' : `; ${ifLarger}`;
  throw new UsageError(`${file} has ${size} pixels, ${pixels} in all; at most ${maxPixels} are allowed${hint}`);
}

interface Pixels {
  readonly data: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
}

async function readPixels(file: string, image: Sharp, deep: boolean): Promise<Pixels> {
  try {
    const { data, info } = await image.raw({ depth: deep ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true });
    const { buffer, byteOffset, byteLength } = data;
    return {
      data: deep ? new Uint16Array(buffer.slice(byteOffset, byteOffset + byteLength)) : data,
      width: info.width,
      height: info.height,
    };
  } catch (cause) {
    throw damaged(file, cause);
  }
}

/** One frame of interleaved pixels as planes from 0 to 1. */
function planes(
  data: Uint8Array | Uint16Array,
  frame: number,
  { width, height, channels }: Pick<Picture, 'width' | 'height' | 'channels'>,
  white: number,
): Float32Array {
  const pixels = width * height;
  const first = frame * pixels * channels;
  const values = new Float32Array(pixels * channels);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < pixels; i++) {
      values[channel * pixels + i] = (data[first + i * channels + channel] ?? 0) / white;
    }
  }
  return values;
}

function notes(bytes: Uint8Array, { space, orientation = 1, format }: Metadata): string[] {
  return [
    ...(space === 'cmyk' ? ['CMYK is converted to sRGB'] : []),
    ...(orientation > 1 ? ['turned upright, as its EXIF orientation says'] : []),
    ...(format === 'png' && isAnimatedPng(bytes) ? ['of an animated PNG the first frame is taken'] : []),
  ];
}

/** Whether there is an `acTL` chunk, which stands in front of the pixels. */
function isAnimatedPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'acTL') return true;
    if (type === 'IDAT') return false;
  }
  return false;
}

/** What to say of a file that begins as a picture does, and that its decoder gave up on. */
function damaged(file: string, cause: unknown): UsageError {
  return new UsageError(`${file} is damaged or cut off (${reason(cause)})`, { cause });
}

/** In one line, each complaint once: decoders that try again repeat theirs. */
function reason(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : String(cause);
  const lines = said.split('\n').map((line) => line.replace('Input buffer has corrupt header:', '').trim());
  return [...new Set(lines)].filter((line) => line !== '').join('; ') || 'its header is corrupt';
}
