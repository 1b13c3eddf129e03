/// <reference lib="dom" />
import { ParleyServer } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from './support/chromium.js';
import { Person } from './support/person.js';
import { picture } from './support/picture.js';

let server: ParleyServer;
let browser: Browser;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start({ name: 'chat' }), launchChromium()]);
  [ada, bob] = await Promise.all([
    Person.arrive(browser, server.url, 'ada'),
    Person.arrive(browser, server.url, 'bob'),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

it('two people make accounts and talk both ways, in one order', async () => {
  await Promise.all([ada.register('Ada Lovelace'), bob.register('Bob')]);
  await ada.startChatWith('Bob');
  await ada.write('Hello Bob');
  await bob.open('Ada Lovelace');
  await bob.sees('Hello Bob');
  await bob.write('Hello Ada');
  await ada.sees('Hello Bob', 'Hello Ada');
  for (const text of ['one', 'two', 'three']) await ada.write(text);
  await bob.sees('Hello Bob', 'Hello Ada', 'one', 'two', 'three');
  expect(await ada.texts()).toEqual(await bob.texts());
});

it('the sender sees when it was read', async () => {
  await ada.write('did you see this?');
  await ada.bubble('did you see this?').getByRole('img', { name: 'Read' }).waitFor();
});

it('one sees the other typing, and that it ends', async () => {
  await bob.composer.pressSequentially('hm');
  await ada.page
    .getByText(/typing/)
    .first()
    .waitFor();
  await bob.composer.fill('');
  await ada.page
    .getByText(/typing/)
    .first()
    .waitFor({ state: 'hidden' });
});

it('an attached picture arrives as a thumbnail, with its caption', async () => {
  await ada.page
    .locator('input[type=file]')
    .first()
    .setInputFiles({
      name: 'garden.png',
      mimeType: 'image/png',
      buffer: await picture(800, 600),
    });
  const dialog = ada.page.getByRole('dialog');
  await dialog.getByRole('textbox').first().fill('The garden');
  await dialog.getByRole('button', { name: 'Send' }).click();
  for (const person of [ada, bob]) {
    const image = person.bubble('The garden').locator('img').first();
    await image.waitFor();
    await expect
      .poll(() => image.evaluate((element: HTMLImageElement) => element.complete && element.naturalWidth), {
        timeout: 15_000,
      })
      .toBeGreaterThan(0);
  }
});

it('Chinese, and what is written from right to left, is shown as it was written', async () => {
  await ada.write('今天天气怎么样？');
  await ada.write('שלום עולם');
  await bob.bubble('今天天气怎么样？').waitFor();
  const hebrew = bob.bubble('שלום עולם').locator('.text');
  await hebrew.waitFor();
  expect(await hebrew.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
});

it('HTML and script are text', async () => {
  const hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><b>bold</b>';
  await ada.write(hostile);
  await bob.bubble('<b>bold</b>').waitFor();
  expect((await bob.texts()).at(-1)).toBe(hostile);
  expect(await bob.page.evaluate('window.hacked')).toBeUndefined();
});

it('a reply, a reaction, an edit and a recall are seen by both', async () => {
  await ada.write('to be changed');
  await bob.act('to be changed', 'Reply');
  await bob.write('an answer');
  await ada.bubble('an answer').getByText('to be changed').waitFor();
  await bob.react('to be changed', '👍');
  await ada.bubble('to be changed').getByRole('button', { name: /👍.*1/ }).first().waitFor();
  await ada.act('to be changed', 'Edit');
  await ada.composer.fill('changed');
  await ada.composer.press('Enter');
  await bob.bubble('changed').getByText('edited').first().waitFor();
  await ada.write('never mind');
  await bob.bubble('never mind').waitFor();
  await ada.act('never mind', 'Take back for everybody');
  await bob.bubble('never mind').waitFor({ state: 'detached' });
});

it('after a reload all of it is there, in the same order', async () => {
  const before = await bob.texts();
  await bob.page.reload();
  await bob.composer.waitFor();
  await expect.poll(() => bob.texts()).toEqual(before);
});

it('a message is found by a word of it, Chinese too', async () => {
  await ada.page.getByRole('link', { name: 'Search' }).click();
  await ada.page.getByRole('searchbox', { name: 'Search messages' }).fill('天气');
  await ada.page.getByRole('list', { name: 'Results' }).getByRole('link').first().click();
  await ada.bubble('今天天气怎么样？').waitFor();
});

it('the consoles stayed empty', () => {
  expect(ada.complaints).toEqual([]);
  expect(bob.complaints).toEqual([]);
});
