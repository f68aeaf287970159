// SPDX-License-Identifier: LGPL-2.1-or-later
import {describe, expect, it} from 'vitest';
import {bytesIn, idProblem} from '../src/logic/id';

describe('an ID', () => {
  it.each(['A', '1234567', '张三', 'Zoë', '🙂abc', 'a b'])('may be %s', (id) => expect(idProblem(id)).toBeNull());

  it.each([
    ['', 'empty'],
    ['12345678', 'long'],
    ['张三丰', 'long'],
    ['Zoë🙂a', 'long'],
    ['a\nb', 'control'],
    ['\u007f', 'control'],
    ['\u0085', 'control'],
    ['\ud83d', 'surrogate'],
    ['\ude42a', 'surrogate'],
  ])('may not be %j: %s', (id, problem) => expect(idProblem(id)).toBe(problem));

  it('is measured in bytes of UTF-8', () => {
    expect(['abc', 'é', '张', '🙂'].map(bytesIn)).toEqual([3, 2, 3, 4]);
  });
});
