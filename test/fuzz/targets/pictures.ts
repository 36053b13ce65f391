/**
 * @file Pictures: PNG, JPEG, WebP and GIF files, still and moving.
 */
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { decodeBytes } from '../../../apps/lab/src/images/decodePicture.js';
import { encodePicture } from '../../../apps/lab/src/images/encodePicture.js';
import { frameSize, type Picture } from '../../../apps/lab/src/images/picture.js';
import { UsageError } from '../../../apps/lab/src/usageError.js';
import { complaintAbout } from '../documentedErrors.js';
import { demand, type FuzzTarget, fuzzTarget } from '../fuzzTarget.js';
import { hostileBytes } from '../mutateBytes.js';

const FILE = 'holiday.png';
/** Larger pictures are refused, whatever the file says. */
const MAX_PIXELS = 2 ** 14;

function picture(frames: number, channels: 1 | 3, size = 6): Picture {
  const values = (frame: number) =>
    new Float32Array(size * size * channels).map((_, i) => ((i * 7 + frame * 3) % 16) / 15);
  return {
    ...{ width: size, height: size, channels, loop: 0 },
    frames: Array.from({ length: frames }, (_, frame) => values(frame)),
    delays: Array.from({ length: frames }, () => 40),
  };
}

const files = {
  png: [await encodePicture(picture(1, 3), 'png'), await encodePicture(picture(1, 1), 'png')],
  jpeg: [await encodePicture(picture(1, 3), 'jpeg'), await encodePicture(picture(1, 1, 16), 'jpeg')],
  webp: [await encodePicture(picture(1, 3), 'webp'), await encodePicture(picture(3, 3), 'webp')],
  gif: [await encodePicture(picture(1, 3), 'gif'), await encodePicture(picture(3, 1), 'gif')],
} as const;

async function read(bytes: Uint8Array): Promise<void> {
  const decoded = await decodeBytes(FILE, bytes, { maxPixels: MAX_PIXELS });
  const { width, height, frames, delays, loop } = decoded;
  demand(
    width >= 1 && height >= 1 && Number.isInteger(width) && Number.isInteger(height),
    `${width} × ${height} pixels`,
  );
  demand(frames.length >= 1 && frames.length === delays.length, `${delays.length} delays for ${frames.length} frames`);
  demand(width * height * frames.length <= MAX_PIXELS, `${frames.length} frames of ${width} × ${height} are too many`);
  demand(Number.isInteger(loop) && loop >= 0, `played ${loop} times`);
  for (const frame of frames) {
    demand(frame.length === frameSize(decoded), `${frame.length} values for ${width} × ${height}`);
    demand(
      frame.every((value) => value >= 0 && value <= 1),
      'a value lies outside 0 to 1',
    );
  }
}

function target(name: string, inputs: fc.Arbitrary<Uint8Array>): FuzzTarget {
  return fuzzTarget({
    ...{ name, cases: 100_000, inputs, read, bytes: (bytes: Uint8Array) => bytes },
    complaint: (error) => complaintAbout(error, { classes: [UsageError], file: FILE }),
  });
}

export const jpeg = target('jpeg', hostileBytes(files.jpeg));
export const webp = target('webp', hostileBytes(files.webp));
export const gif = target('gif', hostileBytes(files.gif));

/** A chunk of a PNG with the checksum that belongs to it; without, a decoder looks no further. */
function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc;
}

const hostileSize = fc.oneof(fc.nat(20), fc.constantFrom(0, 2 ** 14, 2 ** 16, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1));
/** Header, pixels and chunks that don't fit each other. */
const hostilePng: fc.Arbitrary<Uint8Array> = fc
  .record({
    ...{ width: hostileSize, height: hostileSize },
    depth: fc.constantFrom(0, 1, 2, 4, 8, 16, 255),
    colour: fc.constantFrom(0, 2, 3, 4, 6, 255),
    interlace: fc.constantFrom(0, 1, 2),
    pixels: fc.uint8Array({ maxLength: 400, size: 'max' }),
    extras: fc.array(
      fc.tuple(
        fc.constantFrom('PLTE', 'tRNS', 'gAMA', 'iCCP', 'eXIf', 'acTL', 'tEXt', 'xxxx'),
        fc.uint8Array({ maxLength: 40 }),
      ),
      { maxLength: 3 },
    ),
  })
  .map(({ width, height, depth, colour, interlace, pixels, extras }) => {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width);
    header.writeUInt32BE(height, 4);
    header.set([depth, colour, 0, 0, interlace], 8);
    const chunks = extras.map(([type, data]) => chunk(type, data));
    const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
    const data = chunk('IDAT', deflateSync(pixels));
    return Buffer.concat([signature, chunk('IHDR', header), ...chunks, data, chunk('IEND', new Uint8Array())]);
  });

export const png = target('png', fc.oneof(hostileBytes(files.png), hostilePng));
