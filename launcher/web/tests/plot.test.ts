// SPDX-License-Identifier: LGPL-2.1-or-later
import {describe, expect, it} from 'vitest';
import {linePath, roundedUp} from '../src/logic/plot';

describe('the plot', () => {
  it.each([
    [0, 1],
    [1, 1],
    [1.2, 2],
    [29.97, 30],
    [30, 30],
    [59.94, 60],
    [61, 80],
    [101, 200],
  ])('has room for %d up to %d', (value, top) => expect(roundedUp(value)).toBe(top));

  it('breaks its lines where a value is missing and where time passed without one', () => {
    const points = [
      {x: 0, y: 1},
      {x: 1, y: 2},
      {x: 2, y: null},
      {x: 3, y: 4},
      {x: 9, y: 5},
    ];
    expect(linePath(points, 3)).toBe('M0.0 1.0L1.0 2.0M3.0 4.0M9.0 5.0');
  });
});
