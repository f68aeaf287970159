// SPDX-License-Identifier: LGPL-2.1-or-later
import {describe, expect, it} from 'vitest';
import {
  formatBytes,
  formatDuration,
  formatMinute,
  formatNumber,
  formatPosition,
  formatPower,
} from '../src/logic/format';

describe('what people read', () => {
  it('says how long', () => {
    expect([0, 59.9, 4213, 90061].map(formatDuration)).toEqual(['0:00:00', '0:00:59', '1:10:13', '1 d 1:01:01']);
  });

  it('says where in a clip', () => {
    expect([0, 1.6, 59.999, 83.5].map(formatPosition)).toEqual(['0:00.00', '0:01.60', '1:00.00', '1:23.50']);
  });

  it('rounds a bound up, never down', () => {
    expect([-279.15, -9, -0.2].map(formatPower)).toEqual(['10⁻²⁷⁹', '10⁻⁹', '10⁰']);
  });

  it('has a dash for what is not known', () => {
    expect([null, undefined, NaN].map((value) => formatNumber(value, 'en'))).toEqual(['–', '–', '–']);
    expect(formatNumber(29.97, 'en', 1)).toBe('30');
    expect(formatNumber(1234.56, 'en', 1)).toBe('1,234.6');
  });

  it('shortens bytes and times', () => {
    expect([300 * 1024 * 1024, 3 * 1024 ** 3].map((bytes) => formatBytes(bytes, 'en'))).toEqual(['300 MiB', '3 GiB']);
    expect(formatMinute('2026-11-22T11:29Z')).toBe('2026-11-22 11:29');
  });
});
