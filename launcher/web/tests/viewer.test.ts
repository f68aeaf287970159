// SPDX-License-Identifier: LGPL-2.1-or-later
import {describe, expect, it} from 'vitest';
import {tokenState, viewerLink, watchedPath} from '../src/logic/viewer';

describe('a link for a viewer', () => {
  it('leads back to the playlist, below the path that a proxy gives the page', () => {
    const link = viewerLink('/watch/aa.bb-_.cc/', 'https://example.org/film/?x=1#y');
    expect(link).toBe('https://example.org/film/#watch/aa.bb-_.cc');
    expect(watchedPath(new URL(link).hash)).toBe('watch/aa.bb-_.cc/master.m3u8');
  });
  it.each(['', '#', '#id', '#watch/', '#watch/a/b', '#watch/..%2f', '#watch/a?b'])('%s is none', (hash) => {
    expect(watchedPath(hash)).toBe('');
  });
});

describe('a token', () => {
  const token = {
    id: '',
    viewer: 'a',
    client_ip: '',
    issued: '',
    until: '2026-11-29T12:00:00Z',
    revoked: null,
    last_seen: null,
  };
  it('is valid until it expires, or is revoked', () => {
    expect(tokenState(token, new Date('2026-11-29T11:59:59Z'))).toBe('valid');
    expect(tokenState(token, new Date('2026-11-29T12:00:00Z'))).toBe('expired');
    expect(tokenState({...token, revoked: '2026-11-29T11:00:00Z'}, new Date('2026-11-29T11:30:00Z'))).toBe('revoked');
    expect(tokenState({...token, until: null}, new Date())).toBe('valid');
  });
});
