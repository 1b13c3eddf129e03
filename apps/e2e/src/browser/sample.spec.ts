import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort, ParleyServer } from '@parley/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from './support/chromium.js';
import { Person } from './support/person.js';

const SAMPLE = fileURLToPath(new URL('../../../../examples/web/serve.mjs', import.meta.url));

let server: ParleyServer;
let browser: Browser;
let sample: ChildProcess;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start({ name: 'sample' }), launchChromium()]);
  const port = await freePort();
  sample = spawn(process.execPath, [SAMPLE, String(port)], {
    env: { ...process.env, PARLEY_URL: server.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(sample.stdout as NodeJS.ReadableStream, 'data');
  page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`http://localhost:${port}`);
});
afterAll(async () => {
  sample?.kill();
  await browser?.close();
  await server?.stop();
});

it('a page made with the SDK alone chats with the web client, from another origin', async () => {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.getByPlaceholder('Username').fill('sam');
  await page.getByPlaceholder('Password').fill('a long enough password');
  await page.getByRole('button', { name: 'Register' }).click();
  await page.getByPlaceholder('Message').fill('hello from the sample');
  await page.getByRole('button', { name: 'Send' }).click();

  const ada = await Person.arrive(browser, server.url, 'ada');
  await ada.register('Ada Lovelace');
  await ada.enterWorld();
  await ada.bubble('hello from the sample').waitFor();
  await ada.write('hello from the web client');
  await page.getByText('Ada Lovelace: hello from the web client').waitFor();
  expect(complaints).toEqual([]);
  expect(ada.complaints).toEqual([]);
});
