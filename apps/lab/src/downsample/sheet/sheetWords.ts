/**
 * @file The sentences of a sheet: what was done, and how to read the numbers.
 */
import path from 'node:path';
import { percent } from '../../report/format.js';
import type { Downsampling } from '../downsampling.js';
import type { Layout } from './layout.js';

/** One line on what was done to the picture. */
export function subtitle({ original, reduced, settings }: Downsampling): string {
  const { kernel, stride, levels, temporal, white } = settings;
  const sizeOf = ({ frames, width, height }: typeof original): string =>
    `${original.frames > 1 ? `${frames} frames of ` : ''}${width} × ${height}`;
  const cells = new Array<number>(temporal ? 3 : 2).fill(kernel).join(' × ');
  return [
    `${sizeOf(original)} pixels, pooled to ${sizeOf(reduced)}`,
    `windows of ${cells}, ${stride} apart`,
    ...(levels > 1 ? [`${levels} times in a row`] : []),
    `white counts as ${Number(white.toPrecision(4))}`,
  ].join(' · ');
}

/** How to read the sheet, and what was done to this picture in particular. */
export function sheetNotes({ notes, poolings, settings, given }: Downsampling, { closeUp }: Layout): string[] {
  const clipped = poolings.filter((pooling) => pooling.clipped > 0);
  return [
    ...(closeUp
      ? [
          `Close-ups show ${closeUp.reduced.width} × ${closeUp.reduced.height} pixels of each reduction as squares of ${closeUp.magnification}, at the framed place, where the reductions differ most.`,
        ]
      : []),
    'Against original: the reduction, enlarged by bicubic interpolation. Against Lanczos: the reduction as it is. SSIM is of the luma, PSNR of all channels; higher is more alike.' +
      (poolings.length > 1 ? ' The best pooling is in blue.' : ''),
    ...(given
      ? [
          `Given: ${path.basename(given.file)}${given.jpegQuality === undefined ? '' : `; reductions were saved as JPEG of quality ${given.jpegQuality} before comparing`}.`,
        ]
      : []),
    ...(poolings.some(({ untrainedParameters }) => untrainedParameters > 0)
      ? [`Poolings that learn have their initial parameters (seed ${settings.seed}).`]
      : []),
    ...clipped.map(
      ({ pool, clipped }) =>
        `${pool}: ${percent(clipped)} of its values lay outside black and white, and were clipped.`,
    ),
    ...notes.map((note) => `${note[0]?.toUpperCase()}${note.slice(1)}.`),
  ];
}
