// SPDX-License-Identifier: LGPL-2.1-or-later

/** The next "round" value (1, 2, 3, 4, 5, 6 or 8 times a power of ten) at or above `value`. */
export function roundedUp(value: number): number {
  if (!(value > 1)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}

export interface Point {
  x: number;
  y: number | null;
}

/** An SVG path through the points; a point without a value, or a gap in x wider than `gap`, breaks the line. */
export function linePath(points: Point[], gap: number): string {
  let path = '';
  let last: number | null = null;
  for (const {x, y} of points) {
    if (y === null) {
      last = null;
      continue;
    }
    const pen = last === null || x - last > gap ? 'M' : 'L';
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    last = x;
  }
  return path;
}
