// The connection to /events, and what to do when it is lost. No Vue in here.
// SPDX-License-Identifier: LGPL-2.1-or-later
import {ApiError, address, listStreams} from './api';
import type {AppliedEvent, ReconnectEvent, Status, StreamName, StreamsAnswer} from './types';

export interface Listener {
  streams(answer: StreamsAnswer): void;
  opened(): void;
  lost(): void;
  tokenMissing(): void;
  status(status: Status): void;
  applied(event: AppliedEvent): void;
  reconnect(event: ReconnectEvent): void;
}

/** A status comes every second; silence for so long means that the server, or the way to it, hangs. */
const SILENCE_MS = 5000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 4000;

export class Connection {
  private source: EventSource | null = null;
  private timer = 0;
  private delay = FIRST_DELAY_MS;
  /** Counts attempts, so that an answer to an earlier one is not taken for one to this. */
  private attempt = 0;

  /** `choose` picks one of the server's streams. */
  constructor(
    private readonly listener: Listener,
    private readonly choose: (streams: StreamName[]) => string,
  ) {}

  async connect(): Promise<void> {
    this.close();
    const attempt = this.attempt;
    try {
      // EventSource does not tell why it fails; this call does.
      const answer = await listStreams();
      if (attempt !== this.attempt) return;
      this.listener.streams(answer);
      this.listen(this.choose(answer.streams));
    } catch (error) {
      if (attempt !== this.attempt) return;
      if (error instanceof ApiError && error.status === 401) {
        this.listener.tokenMissing();
      } else {
        this.retry();
      }
    }
  }

  close(): void {
    ++this.attempt;
    window.clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private listen(stream: string): void {
    const source = new EventSource(address('events', {stream}));
    this.source = source;
    const on = <T>(name: string, handle: (data: T) => void) =>
      source.addEventListener(name, (event) => {
        // A failed connection is an event of the same name as the server's "error", without data.
        if (event instanceof MessageEvent) handle(JSON.parse(event.data));
      });
    on<Status>('status', (status) => {
      this.expectMore();
      this.listener.status(status);
    });
    on<AppliedEvent>('id-applied', (event) => this.listener.applied(event));
    on<ReconnectEvent>('reconnect', (event) => this.listener.reconnect(event));
    source.onopen = () => {
      this.delay = FIRST_DELAY_MS;
      this.listener.opened();
    };
    source.onerror = (event) => {
      if (!(event instanceof MessageEvent)) this.retry();
    };
    this.expectMore();
  }

  private expectMore(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.retry(), SILENCE_MS);
  }

  private retry(): void {
    this.close();
    this.listener.lost();
    this.timer = window.setTimeout(() => void this.connect(), this.delay);
    this.delay = Math.min(this.delay * 2, LONGEST_DELAY_MS);
  }
}
