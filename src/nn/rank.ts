/**
 * @file Layers for one, two and three spatial axes differ only in the operation they call.
 */

/** The number of spatial axes. */
export type Rank = 1 | 2 | 3;

/** The one of three things that belongs to a rank. */
export function byRank<T>(rank: Rank, one: T, two: T, three: T): T {
  return rank === 1 ? one : rank === 2 ? two : three;
}
