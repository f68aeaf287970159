// SPDX-License-Identifier: LGPL-2.1-or-later
import {describe, expect, it} from 'vitest';
import {History, SPAN_MS} from '../src/logic/history';
import type {State, Status} from '../src/server/types';

const status = (duplicates: number | null, state: State = 'running') =>
  ({state, duplicates, fps: {in: 30, out: 29, unique: 20}}) as Status;

describe('the history', () => {
  it('turns the count of duplicates into duplicates since the last sample', () => {
    const history = new History();
    history.add(status(5), 0);
    history.add(status(9), 1000);
    expect(history.add(status(9), 2000).map(({duplicates}) => duplicates)).toEqual([null, 4, 0]);
  });

  it('takes a lower count for one that began again', () => {
    const history = new History();
    history.add(status(50), 0);
    expect(history.add(status(3), 1000)[1]?.duplicates).toBe(3);
  });

  it('has a gap where the stream does not run', () => {
    const history = new History();
    history.add(status(5), 0);
    history.add(status(5, 'waiting'), 1000);
    const samples = history.add(status(7), 2000);
    expect(samples.map((sample) => sample.in)).toEqual([30, null, 30]);
    expect(samples[2]?.duplicates).toBeNull();
  });

  it('forgets what is older than the plot is wide', () => {
    const history = new History();
    history.add(status(1), 0);
    history.add(status(1), 1000);
    expect(history.add(status(1), SPAN_MS + 500).map(({at}) => at)).toEqual([1000, SPAN_MS + 500]);
  });
});
