/**
 * @file Places for the names of points, so that none covers another name or a point, and no line to a name crosses one.
 */

export interface Place {
  /** Of the point, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Of its name. */
  readonly width: number;
}

export interface PlacedLabel {
  /** The left end of the text and its middle line, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Where the line from the point to the text ends, if the text lies so far that it needs one. */
  readonly line: { readonly x: number; readonly y: number } | undefined;
}

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const LINE_HEIGHT = 14;
const POINT = 6;
const GAP = 4;
/** Rings of places around a point, in lines. */
const RINGS = 12;
/** Along a line, to see what it crosses. */
const STEPS = 12;

/**
 * A place for each label, the nearest that is free; the first label chooses first. In a crowd, lines may cross; where nothing is
 * free at all, a label stands right beside its point.
 */
export function placeLabels(points: readonly Place[], frame: Frame): PlacedLabel[] {
  const dots = points.map(({ x, y }): Frame => {
    return { left: x - POINT, right: x + POINT, top: y - POINT, bottom: y + POINT };
  });
  const labels: Frame[] = [];
  return points.map((point, i) => {
    const free = candidates(point).filter((place) => {
      const box = boxOf(place, point.width);
      return isInside(box, frame) && ![...dots, ...labels].some((other) => overlap(box, other));
    });
    const others = [...dots.filter((_, other) => other !== i), ...labels];
    const clear = free.find(({ line }) => !line || !others.some((other) => crosses(point, line, other)));
    const place = clear ?? free[0] ?? beside(point);
    labels.push(boxOf(place, point.width));
    return place;
  });
}

/** Right, left, above and below; then further and further away. */
function candidates({ x, y, width }: Place): PlacedLabel[] {
  const [right, left, middle] = [x + POINT + GAP, x - POINT - GAP - width, x - width / 2];
  const near = [
    { x: right, y },
    { x: left, y },
    { x: middle, y: y - LINE_HEIGHT },
    { x: middle, y: y + LINE_HEIGHT },
  ].map((place) => ({ ...place, line: undefined }));
  const far = Array.from({ length: RINGS }, (_, ring) => (ring + 1) * LINE_HEIGHT).flatMap((away) => {
    const aside = away / 2;
    const starts = [right + aside, right + 2 * aside, left - aside, left - 2 * aside];
    return starts.flatMap((start) => [y - away, y + away].map((height) => withLine(start, height, x, width)));
  });
  return [...near, ...far];
}

function beside({ x, y }: Place): PlacedLabel {
  return { x: x + POINT + GAP, y, line: undefined };
}

function withLine(left: number, y: number, pointX: number, width: number): PlacedLabel {
  return { x: left, y, line: { x: left > pointX ? left - 2 : left + width + 2, y } };
}

function boxOf({ x, y }: PlacedLabel, width: number): Frame {
  return { left: x - 1, right: x + width + 1, top: y - LINE_HEIGHT / 2, bottom: y + LINE_HEIGHT / 2 };
}

function isInside(box: Frame, frame: Frame): boolean {
  return box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
}

function overlap(a: Frame, b: Frame): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function crosses(from: Pick<Place, 'x' | 'y'>, to: Pick<Place, 'x' | 'y'>, box: Frame): boolean {
  return Array.from({ length: STEPS + 1 }, (_, i) => i / STEPS).some((share) => {
    const [x, y] = [from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)];
    return x > box.left && x < box.right && y > box.top && y < box.bottom;
  });
}
