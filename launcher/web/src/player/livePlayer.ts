// Keeps a live picture going: opens a feed, watches that it moves, and builds it again when it does not. No Vue in here.
// SPDX-License-Identifier: LGPL-2.1-or-later
import {open, type Feed, type Kind, type Source} from './sources';

export type PlayerState = 'off' | 'loading' | 'playing' | 'stalled' | 'blocked';

export interface PlayerListener {
  state(state: PlayerState, kind: Kind | null): void;
}

/** mpegts.js freezes without a word when the stream's timestamps jump: so long without progress, and it is rebuilt. */
const PATIENCE_MS: Record<Kind, number> = {flv: 3000, hls: 12_000};
/** The first picture may take longer: it waits for a key frame. */
const FIRST_PATIENCE_MS: Record<Kind, number> = {flv: 8000, hls: 15_000};
const CHECK_MS = 250;
/** A source that never gave a picture in so many tries gives way to the next one. */
const TRIES = 2;
const SHORTEST_RETRY_MS = 700;
/** A page that nobody looks at lets go of the stream after this. */
const HIDDEN_MS = 30_000;
/** Seconds behind the newest frame at which playback jumps rather than hurries. */
const JUMP_DELAY = 3;
const JUMP_TO = 0.3;

export class LivePlayer {
  private sources: Source[] = [];
  private index = 0;
  private tries = 0;
  private feed: Feed | null = null;
  private round = 0;
  private position = -1;
  /** The picture has moved since the feed was opened. */
  private moved = false;
  private progressAt = 0;
  private openedAt = 0;
  private retryTimer = 0;
  private hiddenTimer = 0;
  private expecting = false;
  private state: PlayerState = 'off';
  private readonly checkTimer: number;
  private readonly onVisibility = () => this.visibilityChanged();

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly listener: PlayerListener,
  ) {
    this.checkTimer = window.setInterval(() => this.check(), CHECK_MS);
    document.addEventListener('visibilitychange', this.onVisibility);
  }

  /** Plays the first of the sources that works. */
  play(sources: Source[]): void {
    this.sources = sources;
    this.index = 0;
    this.tries = 0;
    this.reopen();
  }

  stop(): void {
    this.sources = [];
    this.letGo();
    this.enter('off');
  }

  destroy(): void {
    this.stop();
    window.clearInterval(this.checkTimer);
    window.clearTimeout(this.hiddenTimer);
    document.removeEventListener('visibilitychange', this.onVisibility);
  }

  /** Whether the server's stream runs. While it does not, a picture that stands still is as it should be. */
  expect(running: boolean): void {
    if (running && !this.expecting) {
      this.progressAt = performance.now();
      this.tries = 0;
      if (this.sources.length && !this.feed) this.reopen();
    }
    this.expecting = running;
  }

  /** Seconds between the newest frame that is here and the one that is shown; null if nothing plays. */
  delay(): number | null {
    const {buffered, currentTime} = this.video;
    if (this.state !== 'playing' || buffered.length === 0) return null;
    return Math.max(0, buffered.end(buffered.length - 1) - currentTime);
  }

  silent(): boolean {
    return this.feed?.silent() ?? false;
  }

  /** To be called in a click: browsers may want one before anything plays. */
  async resume(): Promise<void> {
    try {
      await this.video.play();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.enter('blocked');
    }
  }

  private get source(): Source | undefined {
    return this.sources[this.index % Math.max(1, this.sources.length)];
  }

  private enter(state: PlayerState): void {
    this.state = state;
    this.listener.state(state, this.source?.kind ?? null);
  }

  private letGo(): void {
    ++this.round;
    window.clearTimeout(this.retryTimer);
    this.feed?.close();
    this.feed = null;
  }

  private reopen(): void {
    this.letGo();
    const source = this.source;
    if (!source) return;
    const round = this.round;
    this.openedAt = this.progressAt = performance.now();
    this.position = -1;
    this.moved = false;
    this.enter(this.state === 'playing' || this.state === 'stalled' ? 'stalled' : 'loading');
    open(this.video, source, () => round === this.round && this.failed()).then(
      (feed) => {
        if (round !== this.round) return feed.close();
        this.feed = feed;
        return this.resume();
      },
      () => round === this.round && this.failed(),
    );
  }

  private failed(): void {
    if (this.sources.length > 1 && ++this.tries >= TRIES) {
      ++this.index;
      this.tries = 0;
    }
    this.letGo();
    if (this.state === 'playing') this.enter('stalled');
    const wait = Math.max(0, SHORTEST_RETRY_MS - (performance.now() - this.openedAt));
    this.retryTimer = window.setTimeout(() => this.expecting && this.reopen(), wait);
  }

  private check(): void {
    if (!this.feed) return;
    const now = performance.now();
    const {currentTime} = this.video;
    if (currentTime !== this.position) {
      this.moved ||= this.position >= 0 && currentTime > 0;
      this.position = currentTime;
      this.progressAt = now;
      if (this.moved) {
        this.tries = 0;
        if (this.state !== 'playing') this.enter('playing');
      }
      if (this.source?.kind === 'flv' && (this.delay() ?? 0) > JUMP_DELAY) {
        this.video.currentTime += (this.delay() ?? 0) - JUMP_TO;
      }
      return;
    }
    if (this.state === 'blocked' || document.hidden) {
      this.progressAt = now;
      return;
    }
    const still = now - this.progressAt;
    if (still > 1000 && this.state === 'playing') this.enter('stalled');
    const patience = this.moved ? PATIENCE_MS : FIRST_PATIENCE_MS;
    if (this.expecting && still > patience[this.source?.kind ?? 'flv']) this.failed();
  }

  private visibilityChanged(): void {
    window.clearTimeout(this.hiddenTimer);
    if (document.hidden) {
      this.hiddenTimer = window.setTimeout(() => this.video.muted && this.letGo(), HIDDEN_MS);
    } else if (this.sources.length) {
      if (this.feed) this.progressAt = performance.now();
      else this.reopen();
    }
  }
}
