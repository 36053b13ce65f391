/**
 * @file What `softgrad downsample` prints.
 */
import path from 'node:path';
import { styleText } from 'node:util';
import { type Column, columnLines } from '../report/columnLines.js';
import type { Downsampling } from './downsampling.js';
import { psnrText, ssimText } from './sheet/cards.js';
import { subtitle } from './sheet/sheetWords.js';
import type { Similarity } from './similarity.js';

/** A heading, one line per pooling, and the notes. */
export function summary(report: Downsampling): string {
  const { poolings, lanczos, given } = report;
  const names = [...poolings.map(({ pool }) => pool), 'Lanczos'];
  const compared = [
    { name: 'original', found: [...poolings.map(({ toOriginal }) => toOriginal), lanczos] },
    { name: 'Lanczos', found: [...poolings.map(({ toLanczos }) => toLanczos), undefined] },
    ...(given ? [{ name: 'given', found: [...poolings.map(({ toGiven }) => toGiven), undefined] }] : []),
  ];
  const columns: Column[] = [
    { head: 'pooling', align: 'left', cells: names.map((name) => styleText('bold', name)) },
    ...compared.flatMap(({ name, found }) => similarityColumns(name, found)),
    ...(given ? [largestColumn(poolings)] : []),
  ];
  const notes = report.notes.map((note) => `  ${note}`);
  return [
    `${styleText('bold', path.basename(report.file))} · ${subtitle(report)}`,
    ...['', ...columnLines(columns), ''],
    ...(notes.length > 0 ? [...notes, ''] : []),
    `  ${report.sheet}`,
    '',
  ].join('\n');
}

function similarityColumns(name: string, found: readonly (Similarity | undefined)[]): Column[] {
  const cells = (text: (similarity: Similarity) => string): string[] => found.map((s) => (s ? text(s) : '–'));
  return [
    { head: `SSIM to ${name}`, align: 'right', cells: cells(ssimText) },
    { head: 'PSNR', align: 'right', cells: cells(psnrText) },
  ];
}

/** Of 255. */
function largestColumn(poolings: Downsampling['poolings']): Column {
  const cells = [...poolings.map(({ toGiven }) => String(toGiven?.largestDifference ?? '–')), '–'];
  return { head: 'largest Δ', align: 'right', cells };
}
