// SPDX-License-Identifier: LGPL-2.1-or-later
import {describe, expect, it} from 'vitest';
import {isTrouble} from '../src/logic/trouble';
import type {State, Status} from '../src/server/types';

const status = (state: State, error = false) =>
  ({state, last_error: error ? {message: 'gone', at: ''} : null}) as Status;

describe('an outage', () => {
  it('lasts from the first wait until the stream runs', () => {
    const states: State[] = ['running', 'waiting', 'starting', 'waiting', 'starting', 'running', 'starting'];
    let trouble = false;
    expect(states.map((state) => (trouble = isTrouble(trouble, status(state, true), false)))).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('ends when somebody stops the stream', () => expect(isTrouble(true, status('stopped', true), false)).toBe(false));

  it('is known by the last error to a page that comes in the middle', () => {
    expect(isTrouble(false, status('starting', true), true)).toBe(true);
    expect(isTrouble(false, status('starting'), true)).toBe(false);
  });
});
