// The programs around the page: publisher, steg-launch, recorder, steg-trace. They work in the current folder and end with
// this process.
// SPDX-License-Identifier: LGPL-2.1-or-later
import {execFile, spawn} from 'node:child_process';
import {openSync, readFileSync} from 'node:fs';
import {promisify} from 'node:util';

const {HLS_ORIGIN, INPUT, OUTPUT, STEG_LAUNCH, STEG_TRACE} = process.env;
const run = promisify(execFile);
const alive = new Set();
process.on('exit', () => alive.forEach((child) => child.kill('SIGKILL')));

function start(log, program, ...programArguments) {
  const file = openSync(log, 'a');
  const child = spawn(program, programArguments, {stdio: ['ignore', file, file]});
  const ended = new Promise((resolve) => child.on('exit', resolve));
  alive.add(child);
  return {
    /** Whether the program has ended by itself. */
    hasEnded: () => child.exitCode !== null,
    /** Ends the program and waits until it is gone. */
    async stop(signal) {
      alive.delete(child);
      child.kill(signal);
      await ended;
    },
  };
}

/** Pushes the clip to the first server, in a loop. */
export function publish() {
  return start('ffmpeg.log', 'ffmpeg', '-v', 'error', '-re', '-stream_loop', '-1', '-i', 'clip.mp4', '-c', 'copy', '-f', 'flv', INPUT);
}

export function launch(pipeline) {
  const settings = {
    input: INPUT,
    output: OUTPUT,
    id: 'FIRST1',
    'key-file': 'steg.key',
    database: 'sqlite:audit.db',
    'client-ip': '192.0.2.7',
    preset: 'ultrafast',
    hls: `${HLS_ORIGIN}/hls/stream.m3u8`,
  };
  const set = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  return start('launcher.log', STEG_LAUNCH, pipeline, ...set);
}

export const token = () => readFileSync('token', 'utf8').trim();

/** Records what viewers of the second server get. */
export async function record(seconds, file) {
  await run('ffmpeg', ['-v', 'error', '-y', '-i', OUTPUT, '-t', String(seconds), '-c', 'copy', file], {timeout: 60_000});
}

/** The IDs that steg-trace finds, in order. */
export async function idsIn(file) {
  const {stdout} = await run(STEG_TRACE, ['--json', '--rate', '2', '--key-file', 'steg.key', file], {timeout: 120_000});
  return JSON.parse(stdout).files.flatMap(({segments}) => segments.map(({id}) => id));
}
