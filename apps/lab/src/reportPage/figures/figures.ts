/**
 * @file All drawings that need weights or samples, finished, so that the page only has to place them.
 */
import type { Study } from '../../study/study.js';
import type { Evidence, Inside } from '../evidence/evidence.js';
import type { Example } from '../evidence/examples.js';
import { drawFilters } from './drawFilters.js';
import type { Drawing } from './drawing.js';
import { drawMaps, liveliestChannels, type MapDrawing, shownChannels } from './drawMaps.js';
import { drawSample } from './drawSample.js';

export interface ExampleFigure extends Example {
  /** Nothing where the samples aren't at hand. */
  readonly drawing: Drawing | undefined;
}

export interface FilterFigure {
  readonly pool: string;
  readonly drawings: readonly Drawing[];
}

/** One pooling layer of the network, in all poolings. */
export interface LayerFigure {
  readonly layer: string;
  /** `[C, ...spatial]` */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly channels: readonly number[];
  readonly pools: readonly { readonly pool: string; readonly maps: MapDrawing }[];
}

export interface SampleFigure {
  readonly index: number;
  readonly label: string;
  readonly drawing: Drawing;
}

export interface Figures {
  readonly hardest: readonly ExampleFigure[];
  readonly divided: readonly ExampleFigure[];
  readonly alwaysWrong: number;
  readonly filters: readonly FilterFigure[];
  /** The sample that `layers` are of. */
  readonly sample: SampleFigure | undefined;
  readonly layers: readonly LayerFigure[];
  /** Seeds of the networks that are looked into; one, unless some pooling lacks it. */
  readonly seeds: readonly number[];
  readonly missing: readonly string[];
}

export async function drawFigures(
  study: Study,
  evidence: Evidence,
  colours: ReadonlyMap<string, string>,
): Promise<Figures> {
  const { test, examples, insides, missing, sample } = evidence;
  const className = (label: number): string => study.data.classes[label] ?? String(label);
  const drawExamples = (found: readonly Example[]): Promise<ExampleFigure[]> =>
    Promise.all(
      found.map(async (example) => ({
        ...example,
        drawing: test && (await drawSample(test, example.index, className(example.label))),
      })),
    );
  const label = className(test?.labels[sample] ?? 0);
  return {
    hardest: await drawExamples(examples.hardest),
    divided: await drawExamples(examples.divided),
    alwaysWrong: examples.alwaysWrong,
    filters: await Promise.all(insides.flatMap((inside) => filterFigure(inside) ?? [])),
    sample: test && { index: sample, label, drawing: await drawSample(test, sample, label) },
    layers: await layerFigures(insides, study.settings.baseline, colours),
    seeds: [...new Set(insides.map(({ seed }) => seed))],
    missing,
  };
}

function filterFigure({ pool, filters }: Inside): Promise<FilterFigure> | undefined {
  return filters && drawFilters(filters, pool).then((drawings) => ({ pool, drawings }));
}

/** Layers have the same names whatever the pooling. The channels are those that are liveliest with the baseline. */
async function layerFigures(
  insides: readonly Inside[],
  baseline: string,
  colours: ReadonlyMap<string, string>,
): Promise<LayerFigure[]> {
  const reference = insides.find(({ pool }) => pool === baseline) ?? insides[0];
  const figures = (reference?.maps ?? []).map(async (own): Promise<LayerFigure> => {
    const channels = liveliestChannels(own, shownChannels(own.before.shape.length - 1));
    const pools = insides.flatMap(({ pool, maps }) => {
      const found = maps.find(({ layer }) => layer === own.layer);
      return found ? [{ pool, found }] : [];
    });
    const drawn = pools.map(async ({ pool, found }) => {
      const stroke = colours.get(pool) ?? 'var(--accent)';
      return { pool, maps: await drawMaps(found, channels, { label: `${own.layer} of ${pool}`, stroke }) };
    });
    const { layer, before, after } = own;
    return { layer, before: before.shape, after: after.shape, channels, pools: await Promise.all(drawn) };
  });
  return Promise.all(figures);
}
