// SPDX-License-Identifier: LGPL-2.1-or-later
import type {Stats} from '../server/types';

/** A number in an element's stats; null if it has none of that name. */
export function numberIn(stats: Stats | null, name: string): number | null {
  const value = stats?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/**
 * `mark` is the stats of a stegencode. True if more than half of the frames that were read back did not prove their ID. A single frame says nothing: a black
 * one has no room for a mark (docs/stegencode.md).
 */
export function verificationFails(mark: Stats | null): boolean {
  const verified = numberIn(mark, 'verified') ?? 0;
  const failed = numberIn(mark, 'verify-failed') ?? 0;
  return verified >= 4 && failed > verified / 2;
}

/** The margin of the last frame that was read back; null if none was. */
export function markMargin(mark: Stats | null): number | null {
  return (numberIn(mark, 'verified') ?? 0) > 0 ? numberIn(mark, 'verify-margin') : null;
}
