/**
 * @file Colours of series: they can be seen on their ground, and told apart by people who see fewer colours.
 *
 * Colour blindness is simulated by the matrices of Machado, Oliveira and Fernandes ("A physiologically-based model for simulation of
 * color vision deficiency", 2009, severity 1) on linear RGB; differences are Euclidean in CIELAB.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../assets/report/tokens.css', import.meta.url), 'utf8');
const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');

/** As much as two colours must differ. 2 can just be seen when they lie side by side; here lines cross. */
const LEAST_DIFFERENCE = 18;
/** WCAG 2.1 for small text: names are written in these colours. */
const LEAST_CONTRAST = 4.5;

type Triple = readonly [number, number, number];

const vision: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function colour(name: string, theme: string): Triple {
  const digits = new RegExp(`--${name}: #([0-9a-f]{6});`).exec(theme)?.[1] ?? '';
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) =>
    linear(Number.parseInt(digits.slice(at, at + 2), 16) / 255),
  );
  return [red, green, blue];
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function seenBy(matrix: readonly [Triple, Triple, Triple], rgb: Triple): Triple {
  const [red, green, blue] = matrix.map((row) => Math.min(1, Math.max(0, dot(row, rgb))));
  return [red!, green!, blue!];
}

function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function lab(rgb: Triple): Triple {
  const curve = (value: number): number => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  const x = curve(dot([0.4124, 0.3576, 0.1805], rgb) / 0.95047);
  const y = curve(luminance(rgb));
  const z = curve(dot([0.0193, 0.1192, 0.9505], rgb) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function luminance(rgb: Triple): number {
  return dot([0.2126, 0.7152, 0.0722], rgb);
}

function contrast(a: Triple, b: Triple): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (lighter! + 0.05) / (darker! + 0.05);
}

describe.each([
  ['light', light],
  ['dark', dark],
])('on the %s page', (_, theme) => {
  const series = [1, 2, 3, 4, 5, 6].map((number) => colour(`series-${number}`, theme));

  test('all are visible', () => {
    const surface = colour('surface', theme);
    for (const own of [...series, colour('accent', theme), colour('ink-soft', theme)]) {
      expect(contrast(own, surface)).toBeGreaterThan(LEAST_CONTRAST);
    }
  });

  test.each(Object.entries(vision))('all differ with %s', (__, matrix) => {
    const seen = series.map((own) => lab(seenBy(matrix, own)));
    for (const [i, a] of seen.entries()) {
      for (const [j, b] of seen.slice(i + 1).entries()) {
        const difference = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        expect(difference, `series ${i + 1} and ${i + j + 2}`).toBeGreaterThan(LEAST_DIFFERENCE);
      }
    }
  });
});
