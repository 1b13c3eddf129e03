/// <reference lib="dom" />
import { randomBytes } from 'node:crypto';
import { ParleyServer } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from './support/chromium.js';
import { keepEvidence } from './support/evidence.js';
import { Person } from './support/person.js';
import { WeakLink } from './support/weak-link.js';

const SOON = { timeout: 20_000 };
const LINES = 240;
let server: ParleyServer;
let browser: Browser;
/** Ada's way to the server. */
let link: WeakLink;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    ParleyServer.start({
      name: 'reading',
      env: { PARLEY_RATE_LIMITS: 'off', PARLEY_FILE_PART_BYTES: String(5 * 1024 * 1024) },
    }),
    launchChromium(),
  ]);
  link = await WeakLink.to(server.httpPort);
  [ada, bob] = await Promise.all([Person.arrive(browser, link.url, 'ada'), Person.arrive(browser, server.url, 'bob')]);
  await Promise.all([ada.register('Ada'), bob.register('Bob')]);
  await ada.startChatWith('Bob');
  await ada.write('The very first line');
  await bob.open('Ada');
});
keepEvidence('reading', () => [ada, bob]);
afterAll(async () => {
  await browser?.close();
  await link?.close();
  await server?.stop();
});

/** How far the list is scrolled, from its beginning and from its end. */
const place = (person: Person): Promise<{ top: number; left: number }> =>
  person.page
    .locator('.timeline > .scroller')
    .evaluate((list) => ({ top: list.scrollTop, left: list.scrollHeight - list.clientHeight - list.scrollTop }));

it('what comes is read out, with the name, and several lines as one; not what one writes oneself', async () => {
  const aloud = ada.page.getByRole('log', { name: 'New messages, read aloud' });
  await bob.write('Can you hear me?');
  await expect.poll(() => aloud.innerText(), SOON).toBe('Bob: Can you hear me?');
  for (const text of ['one', 'two', 'three']) await bob.write(text);
  await expect.poll(() => aloud.innerText(), SOON).toBe('3 new messages. Bob: three');
  await ada.write('I can');
  await expect.poll(() => aloud.innerText(), SOON).toBe('');
});

it('an upload pauses, lets pass what comes after it, and goes on after a reload', async () => {
  const archive = { name: 'plans.zip', mimeType: 'application/zip', buffer: randomBytes(12_000_000) };
  const cut = link.cutAfter(6_000_000);
  await ada.page.locator('input[type=file]').last().setInputFiles([archive]);
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
  await cut;
  const card = ada.bubble('plans.zip');
  await card.getByRole('button', { name: /^Pause sending/ }).click();
  link.mend();
  await ada.reconnect();
  await ada.write('This is quicker');
  await bob.sees('This is quicker');
  await ada.page.reload();
  await card.getByText(/paused/).waitFor();
  expect(await bob.bubble('plans.zip').count()).toBe(0);
  await card.getByRole('button', { name: /^Go on sending/ }).click();
  // What is in it is no archive: it arrives as a file all the same.
  await bob.bubble('plans.zip').waitFor();
  ada.forgiveNetwork();
  const refused = ada.complaints.splice(0, Infinity).filter((line) => !/400.*\/complete$|status of 400/.test(line));
  expect(refused).toEqual([]);
});

it('the end stays in sight when the window shrinks or a draft grows', async () => {
  for (let line = 0; line < 20; line++) await ada.write(`line ${line}`);
  for (const [width, height] of [
    [640, 400],
    [360, 640],
    [360, 320],
    [1280, 800],
  ] as const) {
    await ada.page.setViewportSize({ width, height });
    await expect.poll(async () => (await place(ada)).left, SOON).toBeLessThan(2);
    await ada.page.waitForTimeout(200);
  }
  await ada.composer.fill('a\nb\nc\nd\ne\nf');
  await expect.poll(async () => (await place(ada)).left, SOON).toBeLessThan(2);
  await ada.composer.fill('');
});

it('a date leads to its first message, also when that is the first of all', async () => {
  await ada.page.getByRole('button', { name: 'More', exact: true }).first().click();
  await ada.page.getByRole('menuitem', { name: 'Go to a date' }).click();
  const day = ada.page.getByRole('dialog').locator('input[type=date]');
  await day.fill((await day.getAttribute('min')) ?? '');
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Show' }).click();
  await ada.bubble('The very first line').and(ada.page.locator('.highlighted')).waitFor();
  await expect.poll(async () => (await place(ada)).top, SOON).toBeLessThan(2);
});

it('older messages that do not come say so, and can be asked for again', async () => {
  await bob.page.evaluate(() => document.body.focus());
  for (let line = 0; line < LINES; line++) await bob.write(`${line}`);
  await ada.page.getByRole('button', { name: /^To the newest|^To \d+ new/ }).click();
  await expect.poll(async () => (await place(ada)).left, SOON).toBeLessThan(2);
  const elsewhere = await Person.arrive(browser, link.url, 'ada');
  await elsewhere.signIn();
  await elsewhere.open('Bob');
  await elsewhere
    .bubble(`${LINES - 1}`)
    .first()
    .waitFor();
  link.refused = /\/events\?/;
  const up = (): Promise<void> =>
    elsewhere.page.locator('.timeline > .scroller').evaluate((list) => void (list.scrollTop = 0));
  await expect
    .poll(async () => {
      await up();
      return elsewhere.page.getByText('More messages could not be loaded.').count();
    }, SOON)
    .toBe(1);
  link.mend();
  await elsewhere.page.getByRole('button', { name: 'Try again' }).click();
  await expect
    .poll(async () => {
      await up();
      return elsewhere.bubble('The very first line').count();
    }, SOON)
    .toBe(1);
  elsewhere.forgiveNetwork();
  expect(elsewhere.complaints).toEqual([]);
});

it('Esc closes the details, and “Try now” does', async () => {
  const pane = ada.page.getByRole('complementary', { name: 'Details' });
  await ada.page.getByRole('button', { name: 'Details', exact: true }).click();
  await pane.waitFor();
  await ada.page.keyboard.press('Escape');
  await pane.waitFor({ state: 'detached' });
  const cut = link.cutAfter(0);
  await ada.write('Still here');
  await cut;
  const tryNow = ada.page.getByRole('button', { name: 'Try now' });
  await tryNow.waitFor();
  link.mend();
  await tryNow.click();
  await bob.sees('Still here');
});
