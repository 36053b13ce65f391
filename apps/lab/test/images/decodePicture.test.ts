import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { type DecodeOptions, decodePicture } from '../../src/images/decodePicture.js';
import { encodePicture } from '../../src/images/encodePicture.js';
import type { Picture } from '../../src/images/picture.js';
import { UsageError } from '../../src/usageError.js';
import { temporaryFolder } from '../support.js';

/** Bytes 0, 1, 2, … as `channels` values per pixel. */
function counting(width: number, height: number, channels: 1 | 2 | 3 | 4): Sharp {
  const values = Uint8Array.from({ length: width * height * channels }, (_, i) => i);
  const image = sharp(values, { raw: { width, height, channels } });
  return channels <= 2 ? image.toColourspace('b-w') : image;
}

async function written(name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(await temporaryFolder(), name);
  await writeFile(file, bytes);
  return file;
}

const in255 = (values: ArrayLike<number> | undefined): number[] => Array.from(values ?? [], (v) => v * 255);

async function mistakeIn(file: string, options?: DecodeOptions): Promise<unknown> {
  return decodePicture(file, options).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a picture is read as', () => {
  test('planes, one per channel, from 0 to 1', async () => {
    const file = await written('rgb.png', await counting(2, 2, 3).png().toBuffer());
    const { width, height, channels, frames, delays, format, notes } = await decodePicture(file);
    expect({ width, height, channels, delays, format, notes }).toEqual({
      ...{ width: 2, height: 2, channels: 3, delays: [0], format: 'png', notes: [] },
    });
    const expected = [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11];
    in255(frames[0]).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 4);
    });
  });

  test('one channel where it is grey, three where one asks for colour', async () => {
    const file = await written('grey.png', await counting(2, 2, 1).png().toBuffer());
    expect(await decodePicture(file)).toMatchObject({ channels: 1 });
    const colour = await decodePicture(file, { channels: 3 });
    expect(in255(colour.frames[0]).map(Math.round)).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
  });

  test('grey where one asks for it: the luma of a colour', async () => {
    const file = await written('rgb.png', await counting(2, 2, 3).png().toBuffer());
    const { channels, frames } = await decodePicture(file, { channels: 1 });
    expect(channels).toBe(1);
    expect(frames[0]).toHaveLength(4);
  });

  test('16 bits per channel without losing any', async () => {
    const deep = sharp(Uint16Array.from([1, 256, 65535]), { raw: { width: 1, height: 1, channels: 3 } });
    const file = await written('deep.png', await deep.toColourspace('rgb16').png().toBuffer());
    const { frames } = await decodePicture(file);
    expect(Array.from(frames[0] ?? [], (value) => Math.round(value * 65535))).toEqual([1, 256, 65535]);
  });

  test('laid on a background where it is transparent, and says so', async () => {
    const clear = sharp(Uint8Array.of(200, 0, 0, 0), { raw: { width: 1, height: 1, channels: 4 } });
    const file = await written('clear.png', await clear.png().toBuffer());
    const white = await decodePicture(file);
    expect(in255(white.frames[0]).map(Math.round)).toEqual([255, 255, 255]);
    expect(white.notes).toEqual(['transparent parts are laid on white']);
    const black = await decodePicture(file, { background: '#000' });
    expect([...(black.frames[0] ?? [])]).toEqual([0, 0, 0]);
  });

  test('without that note where its alpha channel hides nothing', async () => {
    const file = await written('opaque.png', await counting(4, 4, 3).ensureAlpha().png().toBuffer());
    expect((await decodePicture(file)).notes).toEqual([]);
  });

  test('sRGB where it is CMYK, and says so', async () => {
    const file = await written('cmyk.jpg', await counting(16, 8, 3).toColourspace('cmyk').jpeg().toBuffer());
    expect(await decodePicture(file)).toMatchObject({ channels: 3, notes: ['CMYK is converted to sRGB'] });
  });

  test('upright, as its EXIF orientation says, and says so', async () => {
    const lying = await counting(16, 8, 3).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { width, height, notes } = await decodePicture(await written('lying.jpg', lying));
    expect([width, height]).toEqual([8, 16]);
    expect(notes).toEqual(['turned upright, as its EXIF orientation says']);
  });
});

const animation: Picture = {
  ...{ width: 3, height: 2, channels: 1, delays: [40, 120, 80], loop: 2 },
  frames: [0, 1, 2].map((t) => Float32Array.from({ length: 6 }, (_, i) => (i === t ? 1 : 0))),
};

describe('what was written is read again', () => {
  test.each(['gif', 'webp'] as const)('an animated %s with its frames, delays and repetitions', async (format) => {
    const file = await written(`moving.${format}`, await encodePicture(animation, format, { quality: 100 }));
    const { frames, delays, loop, width, height } = await decodePicture(file, { channels: 1 });
    expect({ width, height, delays, loop }).toEqual({ width: 3, height: 2, delays: [40, 120, 80], loop: 2 });
    const brightest = frames.map((frame) => frame.indexOf(Math.max(...frame)));
    expect(brightest).toEqual([0, 1, 2]);
  });

  test('a PNG to the last bit, values outside 0 … 1 clipped', async () => {
    const values = Float32Array.of(-0.5, 0, 1 / 255, 0.5, 1, 7);
    const picture: Picture = { width: 6, height: 1, channels: 1, frames: [values], delays: [0], loop: 0 };
    const { frames } = await decodePicture(await written('six.png', await encodePicture(picture, 'png')));
    expect(in255(frames[0]).map(Math.round)).toEqual([0, 0, 1, 128, 255, 255]);
  });

  test('but an animation is no PNG', async () => {
    await expect(encodePicture(animation, 'png')).rejects.toThrow('allowed: gif, webp');
  });

  test('and no JPEG is wider than the format allows', async () => {
    const wide: Picture = {
      ...{ width: 70_000, height: 1, channels: 1, delays: [0], loop: 0 },
      frames: [new Float32Array(70_000)],
    };
    await expect(encodePicture(wide, 'jpeg')).rejects.toThrow("70000 × 1 pixels can't be written as jpeg");
  });
});

describe('a mistake is told in one line:', () => {
  test.each([
    ['a file that is not there', 'no/such.png', "can't be read"],
    ['a folder', '.', "can't be read"],
  ])('%s', async (_, file, message) => {
    const mistake = await mistakeIn(file);
    expect(mistake).toBeInstanceOf(UsageError);
    expect(String(mistake)).toContain(message);
  });

  test.each([
    ['an empty file', 'empty.png', Buffer.alloc(0), 'is empty'],
    ['a text', 'text.png', Buffer.from('hello'), 'is no picture'],
    ['a TIFF', 'scan.png', Buffer.from('49492a0008000000', 'hex'), 'is no picture'],
    ['an SVG', 'drawing.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"/>'), 'svg'],
  ])('%s', async (_, name, bytes, message) => {
    const mistake = await mistakeIn(await written(name, bytes));
    expect(mistake).toBeInstanceOf(UsageError);
    expect(String(mistake)).toContain(message);
    expect(String(mistake)).toContain('PNG, JPEG, WebP, GIF');
  });

  test.each(['png', 'jpeg', 'webp', 'gif'] as const)('a %s that was cut off at any of nine places', async (format) => {
    const moving = { ...animation, ...(format === 'gif' || format === 'webp' ? {} : { frames: [noise] }) };
    const picture: Picture = { ...moving, width: 24, height: 24, frames: moving.frames.map(() => noise) };
    const whole = await encodePicture(picture, format);
    for (let tenths = 1; tenths < 10; tenths++) {
      const file = await written(`cut.${format}`, whole.subarray(0, Math.floor((whole.length * tenths) / 10)));
      const mistake = await mistakeIn(file);
      expect(mistake, `${tenths}/10`).toBeInstanceOf(UsageError);
      expect(String(mistake)).toMatch(/cut\.\w+ is damaged or cut off \([^\n]+\)$/);
    }
  });

  test.each([
    ['png', 8],
    ['jpeg', 3],
    ['webp', 12],
    ['gif', 6],
  ] as const)('a %s of which no more than the first %d bytes are left', async (format, count) => {
    const picture: Picture = { ...animation, width: 24, height: 24, frames: [noise], delays: [0] };
    const file = await written(`cut.${format}`, (await encodePicture(picture, format)).subarray(0, count));
    expect(String(await mistakeIn(file))).toMatch(/cut\.\w+ is damaged or cut off \([^\n]+\)$/);
  });

  test('what a decoder complains of twice is told once', async () => {
    const picture: Picture = { ...animation, width: 24, height: 24, frames: [noise], delays: [0] };
    const cut = (await encodePicture(picture, 'jpeg')).subarray(0, 40);
    const mistake = String(await mistakeIn(await written('a.jpg', cut)));
    expect(mistake.match(/premature end/g)).toHaveLength(1);
  });

  test('more pixels than allowed, before any is decoded', async () => {
    const file = await written('moving.gif', await encodePicture(animation, 'gif'));
    expect(await mistakeIn(file, { maxPixels: 18 })).toBeUndefined();
    const said = `UsageError: ${file} has 3 frames of 3 × 2 pixels, 18 in all; at most 17 are allowed`;
    expect(String(await mistakeIn(file, { maxPixels: 17 }))).toBe(said);
    expect(String(await mistakeIn(file, { maxPixels: 17, ifLarger: 'crop it' }))).toBe(`${said}; crop it`);
  });

  test('an animated PNG is read as its first frame, and says so', async () => {
    const png = await readFile(
      await written('a.png', await encodePicture({ ...animation, frames: animation.frames.slice(0, 1) }, 'png')),
    );
    // An acTL chunk behind IHDR (8 + 25 bytes): length 8, type, 2 frames, plays for ever, CRC.
    const control = Buffer.from('000000086163544c0000000200000000f38d9370', 'hex');
    const file = await written('animated.png', Buffer.concat([png.subarray(0, 33), control, png.subarray(33)]));
    expect((await decodePicture(file)).notes).toEqual(['of an animated PNG the first frame is taken']);
  });
});

const noise = Float32Array.from({ length: 24 * 24 }, (_, i) => ((i * 7919) % 256) / 255);
