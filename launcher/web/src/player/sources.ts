// The two ways to play the stream. Each library is loaded when it is first needed.
// SPDX-License-Identifier: LGPL-2.1-or-later

export type Kind = 'flv' | 'hls';

export interface Source {
  kind: Kind;
  url: string;
}

/** Something that feeds a video element until it is told to stop. */
export interface Feed {
  close(): void;
  /** True if no sound came with the picture. */
  silent(): boolean;
}

/** Seconds in the buffer that are aimed at, and from which on playback is sped up to get there. */
const TARGET_DELAY = 0.35;
const MOST_DELAY = 0.8;

async function openFlv(video: HTMLVideoElement, url: string, failed: () => void): Promise<Feed> {
  const {default: mpegts} = await import('mpegts.js');
  mpegts.LoggingControl.enableAll = false;
  const player = mpegts.createPlayer(
    {type: 'flv', isLive: true, url},
    {
      enableStashBuffer: false,
      lazyLoad: false,
      autoCleanupSourceBuffer: true,
      autoCleanupMaxBackwardDuration: 20,
      autoCleanupMinBackwardDuration: 10,
      liveSync: true,
      liveSyncTargetLatency: TARGET_DELAY,
      liveSyncMaxLatency: MOST_DELAY,
      liveSyncPlaybackRate: 1.1,
    },
  );
  let silent = false;
  player.on(mpegts.Events.ERROR, failed);
  player.on(mpegts.Events.LOADING_COMPLETE, failed);
  player.on(mpegts.Events.MEDIA_INFO, (info: {hasAudio?: boolean}) => (silent = info.hasAudio === false));
  player.attachMediaElement(video);
  player.load();
  return {close: () => player.destroy(), silent: () => silent};
}

async function openHls(video: HTMLVideoElement, url: string, failed: () => void): Promise<Feed> {
  const {default: Hls} = await import('hls.js/light');
  if (!Hls.isSupported()) {
    video.src = url; // iPhones play it by themselves
    return {
      close: () => {
        video.removeAttribute('src');
        video.load();
      },
      silent: () => false,
    };
  }
  const player = new Hls({enableWorker: false, liveSyncDurationCount: 2, maxLiveSyncPlaybackRate: 1.1});
  player.on(Hls.Events.ERROR, (_event, data) => data.fatal && failed());
  player.loadSource(url);
  player.attachMedia(video);
  return {close: () => player.destroy(), silent: () => false};
}

/** Starts to feed `video`; `failed` is called when the feed ends by itself. */
export function open(video: HTMLVideoElement, source: Source, failed: () => void): Promise<Feed> {
  return source.kind === 'flv' ? openFlv(video, source.url, failed) : openHls(video, source.url, failed);
}

/** What can be played here, best first. */
export function playable(flv: string | null, hls: string | null): Source[] {
  const sources: Source[] = [];
  const here = (path: string) => new URL(path.replace(/^\//, ''), document.baseURI).href;
  if (flv && 'MediaSource' in window) sources.push({kind: 'flv', url: here(flv)});
  if (hls) sources.push({kind: 'hls', url: new URL(hls, document.baseURI).href});
  return sources;
}
