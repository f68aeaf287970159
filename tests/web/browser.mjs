// A Chromium that keeps a record of what the page asks for and complains about.
// SPDX-License-Identifier: LGPL-2.1-or-later
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';

const {CHROMIUM, HLS_ORIGIN, PAGE_MODULES, PAGE_URL} = process.env;
const require = createRequire(`${PAGE_MODULES}/package.json`);
const {chromium} = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What is waited for may take this long: the machine may be slow. */
export const PATIENCE = 60_000;

export async function openBrowser() {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, locale: 'en-US', colorScheme: 'light'});
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const record = {complaints: [], foreign: []};
  // A server that is away, and a 401, show in the console whatever a page does.
  let networkTrouble = false;
  page.on('pageerror', (error) => record.complaints.push(String(error)));
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    if (networkTrouble && /Failed to load resource|net::ERR_/.test(message.text())) return;
    record.complaints.push(message.text());
  });
  page.on('request', (request) => {
    const {origin, protocol} = new URL(request.url());
    const own = [new URL(PAGE_URL).origin, HLS_ORIGIN].includes(origin) || ['blob:', 'data:'].includes(protocol);
    if (!own) record.foreign.push(request.url());
  });
  return {
    browser,
    page,
    record,
    /** Runs `action`, in which requests may fail. */
    async withNetworkTrouble(action) {
      networkTrouble = true;
      await action();
      networkTrouble = false;
    },
  };
}

/** Draws the video to a canvas and returns its luma, 64 x 36; null if there is no picture. */
function luma(page) {
  return page.evaluate(() => {
    const video = document.querySelector('video');
    if (!video || video.readyState < 2) return null;
    const canvas = new OffscreenCanvas(64, 36);
    const context = canvas.getContext('2d');
    context.drawImage(video, 0, 0, 64, 36);
    const {data} = context.getImageData(0, 0, 64, 36);
    return Array.from({length: 64 * 36}, (_, i) => (data[4 * i] + data[4 * i + 1] + data[4 * i + 2]) / 3);
  });
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Waits until the picture moves: not black, and `changes` times in a row another one. */
export async function moves(page, changes = 3) {
  const until = Date.now() + PATIENCE;
  let before = null;
  let seen = 0;
  let last = 'no picture';
  while (Date.now() < until) {
    const now = await luma(page);
    if (now && before) {
      const difference = mean(now.map((value, i) => Math.abs(value - before[i])));
      last = `brightness ${mean(now).toFixed(1)}, difference ${difference.toFixed(2)}`;
      seen = mean(now) > 10 && difference > 1 ? seen + 1 : 0;
      if (seen >= changes) return;
    }
    before = now;
    await page.waitForTimeout(300);
  }
  throw new Error(`the picture does not move: ${last}`);
}

/** What axe-core finds wrong for people with disabilities (WCAG 2.2 A and AA), one line each. */
export async function barriers(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const {violations} = await globalThis.axe.run(document, {runOnly: tags});
    return violations.flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) => `${id}: ${target} ${failureSummary}`));
  });
}
