// SPDX-License-Identifier: LGPL-2.1-or-later
import {describe, expect, it} from 'vitest';
import {en, type Key} from '../src/i18n/en';
import {zh} from '../src/i18n/zh';

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

describe('the texts', () => {
  it.each(Object.keys(en) as Key[])('%s takes the same values in both languages', (key) => {
    expect(places(zh[key])).toEqual(places(en[key]));
    expect(zh[key]).not.toBe('');
  });
});
