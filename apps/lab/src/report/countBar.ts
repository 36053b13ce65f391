/**
 * @file A bar over things that are counted: bytes that arrive, images that are tested.
 */
import { SingleBar } from 'cli-progress';

export interface CountBarOptions {
  /** How many there are in all. */
  readonly total: number;
  /** The whole line when `done` of them are. */
  readonly line: (done: number) => string;
  /** Only where every way out of the command stops the bar: the cursor would stay hidden. Default false. */
  readonly hideCursor?: boolean;
}

/** A bar at 0 on a terminal, gone when it stops; nothing elsewhere. */
export function countBar(
  { total, line, hideCursor = false }: CountBarOptions,
  stream: NodeJS.WriteStream = process.stderr,
): SingleBar | undefined {
  if (!stream.isTTY) return undefined;
  const bar = new SingleBar({
    ...{ stream, hideCursor, format: (_, { value }) => line(value) },
    ...{ clearOnComplete: true, stopOnComplete: false, gracefulExit: false, fps: 8 },
  });
  bar.start(total, 0);
  return bar;
}
