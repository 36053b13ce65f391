/**
 * @file The name of a pooling, with its colour where colours tell poolings apart.
 */
import type { Look } from './look.js';

interface PoolNameProps {
  readonly pool: string;
  readonly look: Look;
}

export function PoolName({ pool, look: { colours, coloured } }: PoolNameProps) {
  return (
    <span class="pool">
      {coloured ? <i class="dot" style={{ background: colours.get(pool) }} /> : null}
      {pool}
    </span>
  );
}
