// What the page knows of the server, for all components.
// SPDX-License-Identifier: LGPL-2.1-or-later
import {computed, shallowReactive, shallowReadonly} from 'vue';
import {History, type Sample} from '../logic/history';
import {isTrouble} from '../logic/trouble';
import * as api from './api';
import {Connection} from './connection';
import type {AppliedEvent, Status, StreamName} from './types';

/** An `id-applied` event and when it came, by performance.now(). */
export interface Applied extends AppliedEvent {
  cameAt: number;
}

const SIGNED_IN = 'gst-steg-signed-in';
const STREAM = 'gst-steg-stream';

const state = shallowReactive({
  link: 'connecting' as 'connecting' | 'open' | 'lost' | 'token',
  streams: [] as StreamName[],
  /** Whether the server gives out tokens for A/B segments. */
  tokens: false,
  stream: '',
  /** Whose copy of a fan-out the page shows; empty where there is no fan-out. */
  recipient: '',
  status: null as Status | null,
  /** The stream is down although it should run. */
  trouble: false,
  samples: [] as Sample[],
  /** When outages began, by performance.now(). */
  outages: [] as number[],
  applied: null as Applied | null,
  signedIn: localStorage.getItem(SIGNED_IN) !== null,
});

const history = new History();

function forget(): void {
  history.clear();
  Object.assign(state, {recipient: '', status: null, trouble: false, samples: [], outages: [], applied: null});
}

function rememberSignIn(signedIn: boolean): void {
  state.signedIn = signedIn;
  if (signedIn) localStorage.setItem(SIGNED_IN, '1');
  else localStorage.removeItem(SIGNED_IN);
}

const connection = new Connection(
  {
    streams: ({streams, tokens}) => Object.assign(state, {streams, tokens}),
    opened: () => (state.link = 'open'),
    lost: () => (state.link = 'lost'),
    tokenMissing: tokenMissing,
    status: (status) => {
      state.link = 'open';
      setTrouble(isTrouble(state.trouble, status, state.status === null));
      if (!status.recipients.some(({name}) => name === state.recipient)) {
        state.recipient = status.recipients[0]?.name ?? '';
      }
      state.status = status;
      state.samples = history.add(status, performance.now());
    },
    applied: (event) => (state.applied = {...event, cameAt: performance.now()}),
    reconnect: () => setTrouble(true),
  },
  (streams) => {
    const wanted = state.stream || localStorage.getItem(STREAM);
    state.stream = streams.find(({name}) => name === wanted)?.name ?? streams[0]?.name ?? '';
    return state.stream;
  },
);

function setTrouble(trouble: boolean): void {
  if (trouble && !state.trouble) state.outages = [...state.outages.slice(-50), performance.now()];
  state.trouble = trouble;
}

function tokenMissing(): void {
  connection.close();
  rememberSignIn(false);
  forget();
  state.link = 'token';
}

export const server = shallowReadonly(state);

/** What the server says of the copy that the page shows; null where there is no fan-out. */
export const copy = computed(() => server.status?.recipients.find(({name}) => name === server.recipient) ?? null);

export function chooseRecipient(name: string): void {
  state.recipient = name;
}

export function connect(): void {
  void connection.connect();
}

export function chooseStream(name: string): void {
  state.stream = name;
  localStorage.setItem(STREAM, name);
  forget();
  connect();
}

export async function signIn(token: string): Promise<void> {
  await api.signIn(token);
  rememberSignIn(true);
  state.link = 'connecting';
  connect();
}

export async function signOut(): Promise<void> {
  await api.signOut();
  tokenMissing();
}

/** What a failed call means to the user; leads to the token page if that is what is missing. */
export function explain(error: unknown, unreachable: string): string {
  if (error instanceof api.ApiError) {
    if (error.status === 401) tokenMissing();
    return error.status === 0 ? unreachable : error.message;
  }
  return String(error);
}
