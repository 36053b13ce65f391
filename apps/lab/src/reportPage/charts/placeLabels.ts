/**
 * @file Places for the names of points, so that none covers another name or a point.
 */

export interface Place {
  /** Of the point, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface PlacedLabel {
  /** The left end of the text and its middle line, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Whether it lies so far from its point that a line must connect them. */
  readonly isFar: boolean;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const LINE = 13;
const POINT = 6;
const GAP = 4;
/** Rings of places around the point, in lines. */
const RINGS = 9;

/**
 * A place for each label, the nearest that is free; the first label chooses first. Where nothing is free, right beside the point.
 *
 * @param frame within which labels must stay
 */
export function placeLabels(points: readonly Place[], frame: Box): PlacedLabel[] {
  const taken = points.map(({ x, y }): Box => boxAround(x, y, POINT));
  return points.map((point) => {
    const free = candidates(point).find(({ x, y }) => isFree(boxOf(x, y, point.width), taken, frame));
    const place = free ?? { x: point.x + POINT + GAP, y: point.y, isFar: false };
    taken.push(boxOf(place.x, place.y, point.width));
    return place;
  });
}

/** Right, left, above and below; then further away. */
function candidates({ x, y, width }: Place): PlacedLabel[] {
  const [right, left, middle] = [x + POINT + GAP, x - POINT - GAP - width, x - width / 2];
  const near = [
    { x: right, y },
    { x: left, y },
    { x: middle, y: y - LINE },
    { x: middle, y: y + LINE },
  ].map((place) => ({ ...place, isFar: false }));
  const far = Array.from({ length: RINGS }, (_, ring) => (ring + 1) * LINE).flatMap((away) =>
    [
      { x: right, y: y - away },
      { x: right, y: y + away },
      { x: left, y: y - away },
      { x: left, y: y + away },
      { x: right + 2 * away, y },
      { x: left - 2 * away, y },
    ].map((place) => ({ ...place, isFar: true })),
  );
  return [...near, ...far];
}

function isFree(box: Box, taken: readonly Box[], frame: Box): boolean {
  const inside =
    box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
  return inside && !taken.some((other) => overlap(box, other));
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function boxAround(x: number, y: number, radius: number): Box {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
}

function boxOf(x: number, y: number, width: number): Box {
  return { left: x, right: x + width, top: y - LINE / 2, bottom: y + LINE / 2 };
}
