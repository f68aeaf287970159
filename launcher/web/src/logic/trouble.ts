// SPDX-License-Identifier: LGPL-2.1-or-later
import type {Status} from '../server/types';

/**
 * Whether the stream is down although it should run, from the truth before and the next status. While a source is away
 * the state goes from waiting to starting and back every few seconds; that is one outage, not many.
 * `first`: there was no status before, so that only the server's last error tells.
 */
export function isTrouble(before: boolean, status: Status, first: boolean): boolean {
  switch (status.state) {
    case 'running':
    case 'stopped':
    case 'stopping':
      return false;
    case 'waiting':
      return true;
    case 'starting':
      return before || (first && status.last_error !== null);
  }
}
