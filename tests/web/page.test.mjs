// The page from end to end. The steps build on each other: one server, one browser.
// SPDX-License-Identifier: LGPL-2.1-or-later
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, test} from 'node:test';
import {barriers, moves, openBrowser, PATIENCE} from './browser.mjs';
import {idsIn, launch, publish, record, token} from './processes.mjs';

const {PAGE_URL, SCREENSHOTS} = process.env;

let publisher = publish();
let launcher = launch('open.pipeline');
const {browser, page, record: seen, withNetworkTrouble} = await openBrowser();
const patient = {timeout: PATIENCE};
/** The server gives up after ten minutes. */
const tracing = {timeout: 630_000};
const says = (text, scope = page) => scope.getByText(text).first().waitFor(patient);
const pill = (word) => page.locator('header').getByRole('status').filter({hasText: word}).waitFor(patient);
const idCard = page.getByRole('region', {name: 'Watermark ID'});
const traceBox = page.getByRole('region', {name: 'Trace a copy'});
const picture = page.getByRole('group', {name: 'Live picture of the marked stream'});

after(async () => {
  await browser.close();
  await Promise.all([publisher.stop('SIGKILL'), launcher.stop('SIGKILL')]);
});

async function serverAnswers() {
  const until = Date.now() + PATIENCE;
  while (!(await fetch(`${PAGE_URL}healthz`).catch(() => null))) {
    if (launcher.hasEnded()) throw new Error(`steg-launch has ended: ${readFileSync('launcher.log', 'utf8')}`);
    if (Date.now() > until) throw new Error('steg-launch does not answer');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

let failed = false;

/** A step of the test. When one fails, the page is kept as a picture, and the steps after it have nothing to build on. */
const step = (t, name, action) =>
  t.test(name, {skip: failed}, async () => {
    try {
      await action();
    } catch (error) {
      failed = true;
      await page.screenshot({path: `${SCREENSHOTS}/failed.png`, fullPage: true}).catch(() => {});
      throw error;
    }
  });

test('the page', async (t) => {
  await serverAnswers();

  await step(t, 'plays a picture that moves, over HTTP-FLV', async () => {
    const flv = page.waitForRequest(/live\.flv/);
    await page.goto(PAGE_URL);
    await flv;
    await pill('Running');
    await moves(page);
    await says('ms in the player');
  });

  await step(t, 'shows what the server measures', async () => {
    const tiles = page.getByRole('region', {name: 'Figures'});
    await tiles.getByText(/^10$|^9\.\d$|^10\.\d$/).first().waitFor(patient);
    await page.locator('.frame path.line.in[d^="M"]').waitFor({state: 'attached', timeout: PATIENCE});
    await page.getByRole('img', {name: /Latest: \d/}).focus();
    await page.keyboard.press('ArrowLeft');
    await says(/s ago|now/, page.locator('.tip'));
  });

  await step(t, 'refuses IDs that cannot be embedded, by bytes', async () => {
    let sent = 0;
    page.on('request', (request) => (sent += request.url().includes('/custom') ? 1 : 0));
    const box = page.getByLabel('ID of the next frames');
    for (const [id, complaint] of [
      ['', 'Enter an ID.'],
      ['12345678', 'Too long: at most 7 bytes.'],
      ['张三丰', 'Too long: at most 7 bytes.'],
    ]) {
      await box.fill(id);
      await box.press('Enter');
      await says(complaint, idCard);
      assert.equal(await box.getAttribute('aria-invalid'), 'true');
    }
    assert.equal(sent, 0);
    await box.fill('张三');
    await says('6 of 7 bytes', idCard);
    assert.equal(await box.getAttribute('aria-invalid'), 'false');
    await box.press('Escape');
    assert.equal(await box.inputValue(), '');
  });

  await step(t, 'sets an ID that steg-trace finds in a recording', async () => {
    await page.getByLabel('ID of the next frames').fill('WEB42');
    await page.keyboard.press('Enter');
    await says(/“WEB42” applied at \d\d:\d\d:\d\d\.\d{3}, [\d,]+ ms after the request/, idCard);
    await record(2, 'recording.mp4');
    assert.deepEqual(await idsIn('recording.mp4'), ['WEB42']);
    const row = page.getByRole('row').filter({hasText: 'WEB42'}).first();
    await row.getByText('127.0.0.1').waitFor(patient);
  });

  await step(t, 'traces the frame shown, a clip and a dropped file, and says what is no picture', async () => {
    await page.getByRole('button', {name: 'Trace this frame'}).click();
    await traceBox.locator('.found .id', {hasText: 'WEB42'}).waitFor(tracing);
    await says(/wrong with a probability of at most 10⁻/, traceBox);
    await says('127.0.0.1', traceBox);
    const chooser = traceBox.locator('input[type=file]');
    await chooser.setInputFiles('unmarked.png');
    await traceBox.getByText('No ID of this key was found').waitFor(tracing);
    await chooser.setInputFiles('recording.mp4');
    await traceBox.locator('.found .id', {hasText: 'WEB42'}).waitFor(tracing);
    const dropped = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['no picture'], 'notes.txt'));
      return data;
    });
    // A 422 shows in the console whatever a page does.
    await withNetworkTrouble(async () => {
      await traceBox.locator('.drop').dispatchEvent('drop', {dataTransfer: dropped});
      await says(/^notes\.txt: .{10}/, traceBox);
    });
  });

  await step(t, 'says that the source is away, and plays again when it returns', async () => {
    await publisher.stop('SIGKILL');
    await says('The stream is down');
    await says('Waiting for the source', picture);
    publisher = publish();
    await pill('Running');
    await moves(page);
    await page.locator('.outage').first().waitFor({state: 'attached', timeout: PATIENCE});
  });

  await step(t, 'stops and starts the stream, with a question in between', async () => {
    await page.getByRole('button', {name: 'Stop', exact: true}).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', {name: 'Stop', exact: true}).click();
    await page.getByRole('button', {name: 'Yes, stop'}).click();
    await pill('Stopped');
    await says('The stream is stopped', picture);
    await page.getByLabel('ID of the next frames').fill('张三');
    await page.keyboard.press('Enter');
    await says('It is applied when the stream runs.', idCard);
    await page.getByRole('button', {name: 'Start'}).click();
    await pill('Running');
    await moves(page);
    await says(/“张三” applied at/, idCard);
  });

  await step(t, 'can be used by keyboard', async () => {
    await page.reload();
    await pill('Running');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the ID box');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'id');
    await picture.focus();
    await page.keyboard.press('m');
    await page.getByRole('button', {name: 'Mute'}).waitFor(patient);
    await page.keyboard.press('m');
    await page.keyboard.press('k');
    await says('Paused', picture);
    await page.keyboard.press('k');
    await moves(page);
  });

  await step(t, 'fits three widths, in two themes and two languages, without barriers', async () => {
    for (const [theme, language, width] of [
      ['light', 'en', 1280],
      ['dark', 'zh', 1280],
      ['light', 'zh', 820],
      ['dark', 'en', 820],
      ['light', 'zh', 390],
      ['dark', 'en', 390],
    ]) {
      await page.setViewportSize({width, height: 900});
      await page.locator('header select').nth(0).selectOption(theme);
      await page.locator('header select').nth(1).selectOption(language);
      await page.getByRole('heading', {name: language === 'zh' ? '水印 ID' : 'Watermark ID'}).waitFor(patient);
      assert.equal(await page.evaluate(() => document.documentElement.lang), language === 'zh' ? 'zh-CN' : 'en');
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${wide} pixels too wide at ${width}`);
      assert.deepEqual(await barriers(page), []);
      await page.screenshot({path: `${SCREENSHOTS}/page-${theme}-${language}-${width}.png`, fullPage: true});
    }
    await page.setViewportSize({width: 1280, height: 900});
    await page.reload();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    await page.locator('header select').nth(0).selectOption('light');
  });

  await step(t, 'falls back to HLS where FLV does not get through', async () => {
    await withNetworkTrouble(async () => {
      await page.route(/live\.flv/, (route) => route.abort());
      await page.reload();
      await says('HLS, some seconds behind');
      await moves(page);
      await page.unroute(/live\.flv/);
      await page.getByRole('button', {name: 'Try low delay again'}).click();
      await says('ms in the player');
    });
  });

  await step(t, 'says that the server does not answer, and asks for the token that it then has', async () => {
    await withNetworkTrouble(async () => {
      await launcher.stop('SIGKILL');
      await says('steg-launch does not answer');
      await pill('No connection');
      launcher = launch('token.pipeline');
      const box = page.getByLabel('Token');
      await box.waitFor(patient);
      assert.deepEqual(await barriers(page), []);
      await page.screenshot({path: `${SCREENSHOTS}/token.png`});
      await box.fill('wrong-wrong-wrong-wrong');
      await page.getByRole('button', {name: 'Sign in'}).click();
      await says('That is not the token of this server.');
      await box.fill(token());
      await page.keyboard.press('Enter');
      await pill('Running');
      await moves(page);
      await page.getByRole('button', {name: 'Sign out'}).click();
      await box.waitFor(patient);
    });
  });

  await step(t, 'shows each stream, and of a fan-out the copy of the recipient who is chosen', async () => {
    await withNetworkTrouble(async () => {
      await launcher.stop('SIGKILL');
      launcher = launch('fanout.pipeline');
      await serverAnswers();
      await page.reload();
    });
    const streams = page.getByRole('combobox', {name: 'Stream'});
    await pill('Running');
    assert.deepEqual(await streams.locator('option').allInnerTexts(), ['one', 'two']);
    await moves(page);
    await says('Copy of alice', picture.locator('..'));
    const bobs = page.waitForRequest(/live\.flv\?stream=one&recipient=bob/);
    await page.getByLabel('Recipient').selectOption('bob');
    await bobs;
    await says('Copy of bob');
    await idCard.locator('.current strong', {hasText: 'BOB'}).waitFor(patient);
    await moves(page);
    await page.getByRole('button', {name: 'Trace this frame'}).click();
    await traceBox.locator('.found .id', {hasText: 'BOB'}).waitFor(tracing);
    await page.screenshot({path: `${SCREENSHOTS}/fanout.png`, fullPage: true});
    assert.deepEqual(await barriers(page), []);
    await streams.selectOption('two');
    await says('Waiting for the source', picture);
    await page.reload();
    await says('Waiting for the source', picture);
    await streams.selectOption('one');
    await pill('Running');
    await moves(page);
  });

  await step(t, 'gives a viewer a token whose link plays the film, and revokes it', async () => {
    await withNetworkTrouble(async () => {
      await launcher.stop('SIGKILL');
      launcher = launch('edge.pipeline');
      await serverAnswers();
      await page.reload();
    });
    await pill('Running');
    const viewers = page.getByRole('region', {name: 'Viewers of the A/B film'});
    await says('No tokens in the last seven days.', viewers);
    await viewers.getByLabel('Viewer').fill('alice');
    await page.keyboard.press('Enter');
    await says('Link for alice.', viewers);
    const row = viewers.getByRole('row').filter({hasText: 'alice'});
    await row.getByText('never').waitFor(patient);
    await row.getByText('valid').waitFor(patient);
    assert.deepEqual(await barriers(page), []);
    await page.screenshot({path: `${SCREENSHOTS}/tokens.png`, fullPage: true});
    const opened = page.waitForEvent('popup');
    await viewers.getByRole('link', {name: 'Watch'}).click();
    const watching = await opened;
    await watching.waitForURL(/\/#watch\/[\w.-]+$/, patient);
    await watching.waitForFunction(() => document.querySelector('video').currentTime > 2, null, patient);
    assert.deepEqual(await barriers(watching), []);
    await page.reload();
    await row.getByText('never').waitFor({state: 'detached', timeout: PATIENCE});
    await row.getByRole('button', {name: 'Revoke the token of alice'}).click();
    await row.getByRole('button', {name: 'Yes, revoke'}).click();
    await row.getByText('revoked').waitFor(patient);
    await watching.reload();
    await says('The film does not play.', watching);
    await watching.close();
  });

  await step(t, 'asks no other server for anything, and its console is clean', async () => {
    assert.deepEqual(seen.foreign, []);
    assert.deepEqual(seen.complaints, []);
  });
});
