/**
 * @file The ten outlines of the `shapes` data set as signed distances: negative inside, positive outside, each within the
 * unit disc. Only + − × ÷ and √ are used, so that images are equal to the bit in every engine.
 */

/** The (approximate) signed distance of (x, y) from the outline. */
export type Outline = (x: number, y: number) => number;

type Vertex = readonly [x: number, y: number];

/** cos and sin of 18° and 54°, for pentagons. */
const [COS_18, SIN_18, COS_54, SIN_54] = [0.951, 0.309, 0.588, 0.809];

const PENTAGON: readonly Vertex[] = [
  [0, -1],
  [COS_18, -SIN_18],
  [COS_54, SIN_54],
  [-COS_54, SIN_54],
  [-COS_18, -SIN_18],
];

/** A star's inner corners point away from the outer ones: the pentagon turned by 180° and made smaller. */
const STAR: readonly Vertex[] = PENTAGON.flatMap((vertex, index) => {
  const [x, y] = PENTAGON[(index + 3) % 5]!;
  return [vertex, [-0.45 * x, -0.45 * y]] as const;
});

/** The outlines by class, in the order of the labels. */
export const SHAPE_OUTLINES: Readonly<Record<string, Outline>> = {
  circle: (x, y) => length(x, y) - 0.8,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) - 0.7,
  triangle: polygon([
    [0, -0.95],
    [0.87, 0.6],
    [-0.87, 0.6],
  ]),
  pentagon: polygon(PENTAGON.map(([x, y]) => [0.88 * x, 0.88 * y])),
  star: polygon(STAR),
  cross: (x, y) => {
    const [ax, ay] = [Math.abs(x), Math.abs(y)];
    return Math.min(Math.max(ax - 0.9, ay - 0.3), Math.max(ax - 0.3, ay - 0.9));
  },
  ring: (x, y) => Math.abs(length(x, y) - 0.62) - 0.22,
  crescent: (x, y) => Math.max(length(x, y) - 0.9, 0.72 - length(x - 0.42, y)),
  arrow: polygon([
    [0, -0.95],
    [0.75, -0.1],
    [0.27, -0.1],
    [0.27, 0.85],
    [-0.27, 0.85],
    [-0.27, -0.1],
    [-0.75, -0.1],
  ]),
  corner: polygon([
    [-0.75, -0.75],
    [-0.2, -0.75],
    [-0.2, 0.25],
    [0.75, 0.25],
    [0.75, 0.75],
    [-0.75, 0.75],
  ]),
};

function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** Distance to the nearest edge; a point is inside if a ray to the right crosses the edges an odd number of times. */
function polygon(vertices: readonly Vertex[]): Outline {
  const edges = vertices.map(([ax, ay], index) => {
    const [bx, by] = vertices[(index + 1) % vertices.length]!;
    const [dx, dy] = [bx - ax, by - ay];
    return { ax, ay, by, dx, dy, inverse: 1 / (dx * dx + dy * dy) };
  });
  return (x, y) => {
    let nearest = Number.POSITIVE_INFINITY;
    let inside = false;
    for (const { ax, ay, by, dx, dy, inverse } of edges) {
      const px = x - ax;
      const py = y - ay;
      const along = Math.min(1, Math.max(0, (px * dx + py * dy) * inverse));
      const rx = px - along * dx;
      const ry = py - along * dy;
      nearest = Math.min(nearest, rx * rx + ry * ry);
      if (ay > y !== by > y && px < (dx * py) / dy) inside = !inside;
    }
    return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
  };
}
