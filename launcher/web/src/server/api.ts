// The server's calls. Addresses are relative, so that the page works behind a proxy that gives it a path.
// SPDX-License-Identifier: LGPL-2.1-or-later
import type {AuditRow, IssuedToken, State, StreamsAnswer, TokenRow, TraceAnswer} from './types';

/** What went wrong with a call: `status` 0 means that the server could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const PATIENCE_MS = 15_000;

export function address(path: string, query: Record<string, string | undefined> = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: body === undefined ? {} : {'Content-Type': 'application/json'},
      credentials: 'same-origin',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    text = await response.text();
  } catch (error) {
    throw new ApiError(0, String(error));
  }
  return read<T>(response.status, text);
}

/** The JSON of an answer; throws what it says if it is a refusal. */
function read<T>(status: number, text: string): T {
  let answer: {error?: string} = {};
  try {
    answer = JSON.parse(text);
  } catch {
    if (status < 400) throw new ApiError(status, text.slice(0, 200));
  }
  if (status >= 400) throw new ApiError(status, answer.error ?? `HTTP ${status}`);
  return answer as T;
}

export async function listStreams(): Promise<StreamsAnswer> {
  return call('GET', 'streams');
}

export async function listTokens(): Promise<TokenRow[]> {
  return (await call<{tokens: TokenRow[]}>('GET', 'tokens')).tokens;
}

export async function issueToken(viewer: string, minutes: number): Promise<IssuedToken> {
  return call('POST', 'tokens', {viewer, minutes});
}

export async function revokeToken(id: string): Promise<void> {
  await call('DELETE', `tokens/${encodeURIComponent(id)}`);
}

export async function setId(id: string, stream: string, recipient?: string): Promise<void> {
  await call('POST', address('custom', {stream, recipient}), {id});
}

export async function start(stream: string): Promise<State> {
  return (await call<{state: State}>('GET', address('pull', {stream}))).state;
}

export async function stop(stream: string): Promise<State> {
  return (await call<{state: State}>('GET', address('stop', {stream}))).state;
}

export async function auditRows(stream: string, id: string, most: number): Promise<AuditRow[]> {
  return (await call<{rows: AuditRow[]}>('GET', address('audit', {stream, id, most: String(most)}))).rows;
}

export async function signIn(token: string): Promise<void> {
  await call('POST', 'session', {token});
}

export async function signOut(): Promise<void> {
  await call('DELETE', 'session');
}

/** Sends a file to be traced. `progress` is told the share that was sent, 0 to 1. */
export function trace(
  file: Blob,
  stream: string,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<TraceAnswer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch() does not tell how much was sent
    request.open('POST', address('trace', {stream}));
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => {
      try {
        resolve(read<TraceAnswer>(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.onerror = () => reject(new ApiError(0, 'network'));
    request.onabort = () => reject(new DOMException('', 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
