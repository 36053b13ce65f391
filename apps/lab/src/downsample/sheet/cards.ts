/**
 * @file What stands on each card: a picture, what it is, and how alike it is to others.
 */
import type { Picture } from '../../images/picture.js';
import { grouped } from '../../report/format.js';
import type { Reductions } from '../downsample.js';
import type { Downsampling, PoolingResult } from '../downsampling.js';
import type { Similarity } from '../similarity.js';

export interface Card {
  readonly title: string;
  readonly summary: string;
  readonly picture: Picture;
  readonly isOriginal: boolean;
  readonly rows: readonly NumberRow[];
}

/** Similarities as a row of the table under a card's pictures. */
export interface NumberRow {
  readonly label: string;
  readonly ssim: string;
  readonly psnr: string;
  /** Whether no other pooling is better in it, and not all are alike. */
  readonly bestSsim: boolean;
  readonly bestPsnr: boolean;
}

/** The original, the Lanczos reduction, then the poolings in their order. */
export function cardsOf(report: Downsampling, { original, lanczos, pooled }: Reductions): Card[] {
  const { width, height } = report.reduced;
  const first: Card = {
    ...{ title: 'original', picture: original, isOriginal: true, rows: [] },
    summary: `${report.original.width} × ${report.original.height} pixels`,
  };
  const second: Card = {
    ...{ title: 'Lanczos', picture: lanczos, isOriginal: false },
    summary: `${width} × ${height} pixels; a filter to compare with`,
    rows: [numberRow(TO_ORIGINAL, report.lanczos, [])],
  };
  return [first, second, ...report.poolings.map((result) => poolingCard(result, report.poolings, pooled))];
}

const TO_ORIGINAL = 'against original';

function poolingCard(result: PoolingResult, all: readonly PoolingResult[], pooled: Reductions['pooled']): Card {
  const { pool, summary, untrainedParameters: count, toGiven } = result;
  const given = all.flatMap((other) => (other.toGiven ? [other.toGiven] : []));
  return {
    ...{ title: pool, picture: pooled.get(pool)!, isOriginal: false },
    summary: count > 0 ? `${summary}; ${grouped(count)} parameters, untrained` : summary,
    rows: [
      numberRow(
        TO_ORIGINAL,
        result.toOriginal,
        all.map((other) => other.toOriginal),
      ),
      numberRow(
        'against Lanczos',
        result.toLanczos,
        all.map((other) => other.toLanczos),
      ),
      ...(toGiven ? [numberRow('against given', toGiven, given)] : []),
    ],
  };
}

function numberRow(label: string, found: Similarity, all: readonly Similarity[]): NumberRow {
  const compared = all.some(({ mse }) => mse !== found.mse);
  return {
    label,
    ssim: ssimText(found),
    psnr: psnrText(found),
    bestSsim: compared && found.ssim !== null && all.every(({ ssim }) => ssim === null || ssim <= found.ssim!),
    bestPsnr: compared && all.every(({ mse }) => found.mse <= mse),
  };
}

/** `0.912`, or a dash for a picture too small to have one */
export function ssimText({ ssim }: Similarity): string {
  return ssim === null ? '–' : ssim.toFixed(3);
}

/** `31.42 dB`, or `∞ dB` for pictures that are the same */
export function psnrText({ psnr }: Similarity): string {
  return `${psnr === null ? '∞' : psnr.toFixed(2)} dB`;
}
