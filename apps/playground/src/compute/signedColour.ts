/**
 * @file The signed palette: blue below zero, the page's ground at zero, orange above. Blue and orange stay apart for every
 * common kind of colour blindness.
 */

export type Rgb = readonly [red: number, green: number, blue: number];

const ENDS: Readonly<Record<'light' | 'dark', { readonly ground: Rgb; readonly below: Rgb; readonly above: Rgb }>> = {
  light: { ground: [250, 247, 241], below: [31, 95, 168], above: [200, 92, 5] },
  dark: { ground: [34, 38, 45], below: [92, 164, 240], above: [247, 152, 62] },
};

/** The colour of `value` where `scale` is the largest absolute value that is told apart. */
export function signedColour(value: number, scale: number, isDark: boolean): Rgb {
  const { ground, below, above } = ENDS[isDark ? 'dark' : 'light'];
  const strength = scale > 0 ? Math.min(1, Math.abs(value) / scale) : 0;
  const end = value < 0 ? below : above;
  const [red, green, blue] = ground.map((from, i) => Math.round(from + (end[i]! - from) * strength));
  return [red!, green!, blue!];
}

export function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** Black or white, whichever stands out more: one of them always has a contrast of at least 4.5 (WCAG). */
export function inkOn(colour: Rgb): '#000' | '#fff' {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? '#000' : '#fff';
}
