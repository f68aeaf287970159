// SPDX-License-Identifier: LGPL-2.1-or-later

/** An ID has 1 to 7 bytes of UTF-8 (docs/watermark.md). */
export const MOST_BYTES = 7;

export type IdProblem = 'empty' | 'long' | 'control' | 'surrogate';

export function bytesIn(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** What is wrong with an ID; null if it can be embedded. */
export function idProblem(id: string): IdProblem | null {
  if (id === '') return 'empty';
  // TextEncoder would write U+FFFD for half a surrogate pair: another ID than the one that was typed.
  if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(id)) return 'surrogate';
  if (/[\u0000-\u001f\u007f-\u009f]/.test(id)) return 'control';
  return bytesIn(id) > MOST_BYTES ? 'long' : null;
}
