/// <reference lib="dom" />
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ParleyServer } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from './support/chromium.js';
import { keepEvidence } from './support/evidence.js';
import { Person } from './support/person.js';
import { picture } from './support/picture.js';
import { WeakLink } from './support/weak-link.js';

const SOON = { timeout: 20_000 };
const MB = 1_000_000;
let server: ParleyServer;
let browser: Browser;
/** Ada's way to the server. */
let link: WeakLink;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    ParleyServer.start({ name: 'files', env: { PARLEY_FILE_PART_BYTES: String(5 * 1024 * 1024) } }),
    launchChromium(),
  ]);
  link = await WeakLink.to(server.httpPort);
  [ada, bob] = await Promise.all([Person.arrive(browser, link.url, 'ada'), Person.arrive(browser, server.url, 'bob')]);
  await Promise.all([ada.register('Ada'), bob.register('Bob')]);
  await ada.startChatWith('Bob');
  await ada.write('Here they come');
  await bob.open('Ada');
});
keepEvidence('files', () => [ada, bob]);
afterAll(async () => {
  await browser?.close();
  await link?.close();
  await server?.stop();
});

interface Chosen {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Chooses files as by the menu, and sends them. */
async function send(person: Person, files: Chosen[], caption = ''): Promise<void> {
  await person.page.locator('input[type=file]').last().setInputFiles(files);
  await confirm(person, caption);
}

async function confirm(person: Person, caption: string): Promise<void> {
  const dialog = person.page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Add a caption' }).fill(caption);
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
}

/** Saves what the card of a file offers, and answers its bytes. */
async function save(person: Person, name: string): Promise<Buffer> {
  const [download] = await Promise.all([
    person.page.waitForEvent('download'),
    person
      .bubble(name)
      .getByRole('button', { name: new RegExp(name) })
      .click(),
  ]);
  expect(download.suggestedFilename()).toBe(name);
  return readFile(await download.path());
}

const shows = (person: Person, caption: string): Promise<void> =>
  expect
    .poll(
      () =>
        person
          .bubble(caption)
          .locator('img')
          .first()
          .evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0),
      SOON,
    )
    .toBe(true);

it('a picture is pasted, and seen by both', async () => {
  const bytes = (await picture(320, 240)).toString('base64');
  await ada.page.evaluate(async (base64) => {
    const image = new Blob([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], { type: 'image/png' });
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': image })]);
  }, bytes);
  await ada.composer.press('Control+V');
  await confirm(ada, 'Out of the clipboard');
  for (const person of [ada, bob]) await shows(person, 'Out of the clipboard');
});

it('several files at once come in the order in which they were chosen, and can be saved', async () => {
  const files = ['first.txt', 'second.zip', 'third.pdf'].map((name) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: randomBytes(40_000),
  }));
  await send(ada, files, 'Three of them');
  await bob.bubble('third.pdf').waitFor();
  const names = bob.messages.locator('[data-key] .card .name');
  await expect.poll(() => names.allInnerTexts(), SOON).toEqual(['first.txt', 'second.zip', 'third.pdf']);
  for (const { name, buffer } of files) expect((await save(bob, name)).equals(buffer)).toBe(true);
});

it('a voice message is recorded by one and played by the other', async () => {
  await ada.page.getByRole('button', { name: 'Record a voice message' }).click();
  await bob.page
    .getByText(/recording/)
    .first()
    .waitFor();
  await ada.page.getByRole('timer').getByText('0:01').waitFor();
  await ada.page.getByRole('button', { name: 'Send the recording' }).click();
  const player = bob.messages.locator('[data-key]', { has: bob.page.getByRole('slider', { name: 'Position' }) });
  await player.getByRole('button', { name: 'Play' }).click();
  await expect.poll(async () => Number(await player.getByRole('slider').inputValue()), SOON).toBeGreaterThan(0.2);
  // To its end, where it can be played again.
  await player.getByRole('button', { name: 'Play' }).waitFor();
  expect(await player.getByRole('alert').count()).toBe(0);
});

it('a video is played', async () => {
  const film = await ada.page.evaluate(filmed);
  await send(ada, [{ name: 'clouds.webm', mimeType: 'video/webm', buffer: Buffer.from(film, 'base64') }], 'Clouds');
  await bob.bubble('Clouds').getByRole('button', { name: 'Play video' }).click();
  const video = bob.page.getByRole('dialog').locator('video');
  await expect.poll(() => video.evaluate((one: HTMLVideoElement) => one.currentTime > 0), SOON).toBe(true);
  await bob.page.keyboard.press('Escape');
  await video.waitFor({ state: 'detached' });
});

/** In the page: a second of a canvas that changes, as WebM. */
async function filmed(): Promise<string> {
  const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 120 });
  const brush = canvas.getContext('2d') as CanvasRenderingContext2D;
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  for (let frame = 0; frame < 25; frame++) {
    brush.fillStyle = `hsl(${frame * 14} 80% 50%)`;
    brush.fillRect(0, 0, 160, 120);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  recorder.stop();
  await stopped;
  const url = await new Promise<string>((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.readAsDataURL(new Blob(parts));
  });
  return url.slice(url.indexOf(',') + 1);
}

it('a large file says how far it is, and goes on where the connection was cut', async () => {
  const archive = { name: 'archive.zip', mimeType: 'application/octet-stream', buffer: randomBytes(25 * MB) };
  const cut = link.cutAfter(18 * MB);
  const before = link.sent;
  await send(ada, [archive]);
  await cut;
  const card = ada.bubble('archive.zip');
  await card.getByText(/^[\d.]+ MB \/ 25 MB$/).waitFor();
  await card.getByRole('button', { name: /^Pause sending, [1-9]\d?% done$/ }).waitFor();
  expect(await bob.bubble('archive.zip').count()).toBe(0);
  link.mend();
  await ada.reconnect();
  await bob.bubble('archive.zip').waitFor({ timeout: 45_000 });
  // The parts that had arrived were not sent again.
  expect(link.sent - before).toBeLessThan(36 * MB);
  expect((await save(bob, 'archive.zip')).equals(archive.buffer)).toBe(true);
  await card.getByRole('img', { name: /Sent|Delivered|Read/ }).waitFor();
  ada.forgiveNetwork();
});

it('an upload can be given up', async () => {
  const cut = link.cutAfter(MB);
  await send(ada, [{ name: 'mistake.zip', mimeType: 'application/octet-stream', buffer: randomBytes(8 * MB) }]);
  await cut;
  await ada
    .bubble('mistake.zip')
    .getByRole('button', { name: /^Stop sending/ })
    .click();
  await ada.bubble('mistake.zip').waitFor({ state: 'detached' });
  link.mend();
  await ada.reconnect();
  await ada.write('That was a mistake');
  await bob.sees('That was a mistake');
  expect(await bob.bubble('mistake.zip').count()).toBe(0);
  ada.forgiveNetwork();
});

it('the consoles had nothing else to say', () => {
  for (const person of [ada, bob]) expect(person.complaints).toEqual([]);
});
