// What a viewer of A/B segments opens. The token stays behind the #, so that no server's log has it from the page's own address.
// SPDX-License-Identifier: LGPL-2.1-or-later
import type {TokenRow} from '../server/types';

const WATCH = '#watch/';

/** The page's address for the `path` of POST /tokens. */
export function viewerLink(path: string, page: string): string {
  const link = new URL(page);
  link.search = '';
  link.hash = path.replace(/^\/|\/$/g, '');
  return link.href;
}

/** The playlist, relative to the page, that the part of an address after # asks for; empty if it asks for none. */
export function watchedPath(hash: string): string {
  const token = hash.startsWith(WATCH) ? hash.slice(WATCH.length) : '';
  return /^[\w.-]+$/.test(token) ? `watch/${token}/master.m3u8` : '';
}

export type TokenState = 'valid' | 'expired' | 'revoked';

export function tokenState(token: TokenRow, now: Date): TokenState {
  if (token.revoked) return 'revoked';
  return token.until && new Date(token.until) <= now ? 'expired' : 'valid';
}
