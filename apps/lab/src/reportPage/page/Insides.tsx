/**
 * @file A look into the networks: first filters, and maps around each pooling.
 */

import type { MapDrawing } from '../figures/drawMaps.js';
import type { Figures, FilterFigure, LayerFigure } from '../figures/figures.js';
import type { ReportContent, ReportRow } from '../reportContent.js';
import { DrawingView } from './DrawingView.js';
import { Folded } from './Folded.js';
import type { Look } from './look.js';
import { PoolName } from './PoolName.js';
import { Card, Section } from './Section.js';

interface InsidesProps {
  readonly content: ReportContent;
  readonly figures: Figures;
  readonly look: Look;
}

/** Poolings seen at once. */
const SHOWN = 6;

export function Insides({ content, figures, look }: InsidesProps) {
  return (
    <>
      <Filters content={content} figures={figures} look={look} />
      <Maps content={content} figures={figures} look={look} />
    </>
  );
}

function Filters({ content, figures, look }: InsidesProps) {
  if (figures.filters.length === 0) return null;
  const cards = sorted(figures.filters, content.rows).map((figure) => (
    <FilterCard key={figure.pool} figure={figure} look={look} />
  ));
  return (
    <Section
      id="filters"
      title="First filters"
      intro={`Of the networks of ${seedsText(figures)}. All began with the same weights, so a filter in the same place is the same filter, trained with another pooling after it. Each is scaled to its own largest weight.`}
    >
      <Folded items={cards} shown={SHOWN} scalable={true} />
    </Section>
  );
}

function Maps({ content, figures, look }: InsidesProps) {
  const { sample, layers } = figures;
  if (!sample || layers.length === 0) return null;
  const { baseline } = content.study.settings;
  return (
    <Section
      id="maps"
      title="Before and after each pooling"
      intro={`What the networks of ${seedsText(figures)} make of one test sample, in the channels that vary most with ${baseline}. A channel has one scale before and after, from its least value to its greatest.${isOverlaid(layers) ? ' Thin and grey: before; in colour: after.' : ''}`}
    >
      <figure class={`sample sample-${sample.drawing.kind}`}>
        <DrawingView drawing={sample.drawing} alt={`The test sample: ${sample.label}`} />
        <figcaption>
          The sample: {sample.label}
          <br />
          <small>#{sample.index}, the first that most runs got right</small>
        </figcaption>
      </figure>
      {layers.map((layer) => (
        <Layer key={layer.layer} layer={layer} rows={content.rows} look={look} />
      ))}
    </Section>
  );
}

function isOverlaid(layers: readonly LayerFigure[]): boolean {
  return layers.some(({ pools }) => pools.some(({ maps }) => maps.kind === 'overlay'));
}

function seedsText({ seeds }: Figures): string {
  return seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds.join(' and ')}`;
}

function FilterCard({ figure: { pool, drawings }, look }: { readonly figure: FilterFigure; readonly look: Look }) {
  return (
    <Card key={pool} title={<PoolName pool={pool} look={look} />}>
      <div class={drawings.length > 1 ? 'filter-waves' : 'filters'}>
        {drawings.map((drawing, i) => (
          <DrawingView
            key={`filter ${i + 1}`}
            drawing={drawing}
            alt={`Filters of the first convolution, with ${pool}`}
          />
        ))}
      </div>
    </Card>
  );
}

interface LayerProps {
  readonly layer: LayerFigure;
  readonly rows: readonly ReportRow[];
  readonly look: Look;
}

function Layer({ layer: { layer, before, after, channels, pools }, rows, look }: LayerProps) {
  const [count, ...from] = before;
  const [, ...to] = after;
  const cards = sorted(pools, rows).map(({ pool, maps }) => (
    <Card key={pool} title={<PoolName pool={pool} look={look} />}>
      <MapView maps={maps} pool={pool} layer={layer} />
    </Card>
  ));
  return (
    <div class="layer">
      <h3>
        <code>{layer}</code> {from.join(' × ')} → {to.join(' × ')}
        <small>
          {' '}
          · channels {channels.join(', ')} of {count}
        </small>
      </h3>
      <Folded items={cards} shown={SHOWN} scalable={true} />
    </div>
  );
}

interface MapViewProps {
  readonly maps: MapDrawing;
  readonly pool: string;
  readonly layer: string;
}

function MapView({ maps, pool, layer }: MapViewProps) {
  if (maps.kind === 'overlay') {
    return (
      <>
        {maps.waves.map((wave, i) => (
          <DrawingView key={`wave ${i + 1}`} drawing={wave} alt="" />
        ))}
      </>
    );
  }
  return (
    <dl class="maps" style={{ width: `${100 * maps.share}%` }}>
      <dt>before</dt>
      <dd>
        <DrawingView drawing={maps.before} alt={`Maps before ${layer}, with ${pool}`} />
      </dd>
      <dt>after</dt>
      <dd>
        <DrawingView drawing={maps.after} alt={`Maps after ${layer}, with ${pool}`} />
      </dd>
    </dl>
  );
}

/** As the table orders them. */
function sorted<T extends { readonly pool: string }>(figures: readonly T[], rows: readonly ReportRow[]): T[] {
  const place = ({ pool }: T): number => rows.findIndex((row) => row.pool === pool);
  return figures.toSorted((a, b) => place(a) - place(b));
}
