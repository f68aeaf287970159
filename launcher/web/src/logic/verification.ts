// SPDX-License-Identifier: LGPL-2.1-or-later
import type {Stats, Status} from '../server/types';

/** A number in an element's stats; null if it has none of that name. */
export function numberIn(stats: Stats | null, name: string): number | null {
  const value = stats?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/**
 * True if more than half of the frames that were read back did not prove their ID. A single frame says nothing: a black
 * one has no room for a mark (docs/stegencode.md).
 */
export function verificationFails(status: Status): boolean {
  const verified = numberIn(status.mark, 'verified') ?? 0;
  const failed = numberIn(status.mark, 'verify-failed') ?? 0;
  return verified >= 4 && failed > verified / 2;
}

/** The margin of the last frame that was read back; null if none was. */
export function markMargin(status: Status): number | null {
  return (numberIn(status.mark, 'verified') ?? 0) > 0 ? numberIn(status.mark, 'verify-margin') : null;
}
