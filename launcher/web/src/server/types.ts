// What docs/openapi.json says of the server's answers, as far as the page uses it.
// SPDX-License-Identifier: LGPL-2.1-or-later

export type State = 'stopped' | 'starting' | 'running' | 'waiting' | 'stopping';

export interface StreamName {
  name: string;
  state: State;
}

export interface StreamsAnswer {
  streams: StreamName[];
  /** Whether there is an edge that gives out tokens. */
  tokens: boolean;
}

/** Times are UTC in RFC 3339. */
export interface TokenRow {
  id: string;
  viewer: string;
  client_ip: string;
  issued: string;
  until: string | null;
  revoked: string | null;
  last_seen: string | null;
}

export interface IssuedToken extends TokenRow {
  /** What the viewer opens, with a slash at both ends. */
  path: string;
}

export interface IdStatus {
  requested: string;
  applied: string | null;
  applied_at?: string;
}

/** The `stats` of an element: numbers, texts and truth values by name. */
export type Stats = Record<string, unknown>;

/** Where a stream, or a recipient's copy of it, is to be seen. */
export interface Places {
  flv: string | null;
  hls: string | null;
  rtsp: string | null;
}

export interface Recipient {
  name: string;
  id: IdStatus;
  mark: Stats | null;
  playback: Places;
}

export interface Status {
  stream: string;
  state: State;
  version: string;
  running_for: number;
  reconnects: number;
  source: string[];
  output: string[];
  id: IdStatus;
  recipients: Recipient[];
  fps: {in: number | null; out: number | null; unique: number | null};
  duplicates: number | null;
  frames: Stats | null;
  mark: Stats | null;
  audit: Stats | null;
  playback: Places & {
    viewers: {flv: number; websocket: number; rtsp: number};
    dropped: number;
  };
  controls: {id: boolean; properties: string[]};
  process: {cpu_percent: number; rss_bytes: number; heap_bytes: number; open_files: number; uptime: number};
  last_error: {message: string; at: string} | null;
}

export interface AppliedEvent {
  stream: string;
  recipient?: string;
  id: string;
  applied_at: string;
}

export interface ReconnectEvent {
  stream: string;
  reason: string;
  delay: number;
}

export interface AuditRow {
  id: string;
  client_ip: string | null;
  minute: string;
  stream: string;
  session: string;
  first_time: string;
  last_time: string;
  encoded: number;
  repeated: number;
  residual: number;
  intervals_open: number;
}

export interface TraceSegment {
  from: number;
  to: number;
  id: string;
  log10_p: number;
  bit_accuracy: number;
  frames: number;
}

export interface TraceReport {
  public_key: boolean;
  files: {
    warning?: string;
    width?: number;
    height?: number;
    duration?: number;
    frames?: number;
    segments: TraceSegment[];
  }[];
  audit?: AuditRow[];
}

export interface TraceAnswer {
  found: boolean;
  report: TraceReport;
}
