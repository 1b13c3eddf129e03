import { ParleyServer } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from './support/chromium.js';
import { Person } from './support/person.js';

let server: ParleyServer;
let browser: Browser;
let ada: Person;

beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start({ name: 'update' }), launchChromium()]);
  ada = await Person.arrive(browser, server.url, 'ada');
  await ada.register('Ada');
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

it('says so when a screen cannot be fetched, and stays where one is', async () => {
  await ada.page.route('**/assets/ContactsScreen*', (route) => route.abort());
  await ada.goTo('Contacts');
  await ada.page.getByText('could not be loaded').waitFor();
  await ada.page.getByRole('heading', { name: 'Chats' }).waitFor();
});

it('loads the page anew where the server has another version of it', async () => {
  await ada.page.route('**/assets/SettingsScreen*', (route) => route.fulfill({ status: 404, body: '' }));
  await ada.page.route('**/', (route) =>
    route.request().isNavigationRequest() ? route.continue() : route.fulfill({ body: '<html>another</html>' }),
  );
  const loaded = ada.page.waitForEvent('load');
  await ada.goTo('Settings');
  await loaded;
  expect(new URL(ada.page.url()).pathname).toBe('/settings');
});
