/**
 * @file Moves labels apart that would overlap, as little as need be.
 */

/**
 * Places in the order of `wanted`, at least `gap` from each other and within `low` … `high` where there is room for that.
 * Labels that touch become a block, which lies where the mean of their wanted places is.
 */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const within = ({ members, centre }: Block): Block => {
    const half = ((members.length - 1) / 2) * gap;
    return { members, centre: Math.max(low + half, Math.min(high - half, centre)) };
  };
  const blocks: Block[] = [];
  for (const member of order) {
    let block = within({ members: [member], centre: wanted[member] ?? 0 });
    for (let before = blocks.at(-1); before && overlaps(before, block, gap); before = blocks.at(-1)) {
      blocks.pop();
      block = within(joined(before, block));
    }
    blocks.push(block);
  }
  const places = new Array<number>(wanted.length).fill(0);
  for (const { members, centre } of blocks) {
    members.forEach((member, i) => {
      places[member] = centre + (i - (members.length - 1) / 2) * gap;
    });
  }
  return places;
}

interface Block {
  readonly members: number[];
  readonly centre: number;
}

function overlaps(below: Block, above: Block, gap: number): boolean {
  return above.centre - below.centre < ((below.members.length + above.members.length) / 2) * gap;
}

function joined(below: Block, above: Block): Block {
  const count = below.members.length + above.members.length;
  return {
    members: [...below.members, ...above.members],
    centre: (below.centre * below.members.length + above.centre * above.members.length) / count,
  };
}
