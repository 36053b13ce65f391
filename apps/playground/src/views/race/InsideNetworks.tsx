/**
 * @file Filters and activation maps of the networks of the first seed.
 */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { PixelCanvas } from '../../components/PixelCanvas.js';
import { poolColour, poolName } from '../../components/poolAppearance.js';
import type { Inside } from '../../race/protocol.js';
import { filterSheet, mapSheet } from '../../race/sheets.js';
import { useStore } from '../../state/store.js';

export function InsideNetworks({ networks }: { readonly networks: readonly Inside[] }): JSX.Element {
  const texts = useStore().messages.value.race;
  return (
    <section class="panel">
      <h2>{texts.inside}</h2>
      <p class="hint">{texts.insideLead}</p>
      <div class="networks">
        {networks.map((network) => (
          <Network key={network.pool} network={network} />
        ))}
      </div>
    </section>
  );
}

function Network({ network }: { readonly network: Inside }): JSX.Element {
  const { messages } = useStore();
  const texts = messages.value.race;
  const name = poolName(network.pool, messages.value);
  const filters = useMemo(() => filterSheet(network), [network]);
  const maps = useMemo(() => mapSheet(network), [network]);
  return (
    <div class="network" style={{ '--option': poolColour(network.pool) }}>
      <h3>{name}</h3>
      <PixelCanvas picture={filters} label={texts.filters(name)} />
      <PixelCanvas picture={maps} label={texts.maps(name)} />
    </div>
  );
}
