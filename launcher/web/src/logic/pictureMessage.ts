// SPDX-License-Identifier: LGPL-2.1-or-later
import type {Key} from '../i18n';
import type {PlayerState} from '../player/livePlayer';
import type {State} from '../server/types';

export interface PictureMessage {
  title: Key;
  hint?: Key;
  /** It lies over the last picture instead of taking its place. */
  over: boolean;
}

/** What is said in place of the picture, or over it; null while it moves. */
export function pictureMessage(
  link: 'connecting' | 'open' | 'lost' | 'token',
  stream: State | null,
  canPlay: boolean,
  player: PlayerState,
  paused: boolean,
): PictureMessage | null {
  if (player === 'playing') return null;
  if (player === 'blocked') return {title: 'blocked', over: false};
  const over = player === 'stalled';
  if (link === 'lost') return {title: 'offLost', over};
  if (link !== 'open' || stream === null) return {title: 'loading', over};
  switch (stream) {
    case 'stopped':
      return {title: 'offStopped', hint: 'offStoppedHint', over: false};
    case 'starting':
      return {title: 'offStarting', over};
    case 'stopping':
      return {title: 'offStopping', over};
    case 'waiting':
      return {title: 'offWaiting', hint: over ? undefined : 'offWaitingHint', over};
    case 'running':
      if (paused) return {title: 'paused', over: false};
      if (!canPlay) return {title: 'noPlayback', over: false};
      return {title: over ? 'stalled' : 'loading', over};
  }
}
