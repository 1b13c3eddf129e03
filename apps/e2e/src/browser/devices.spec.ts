import { ParleyServer } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from './support/chromium.js';
import { keepEvidence } from './support/evidence.js';
import { Person } from './support/person.js';

/** High enough that all of the conversation is on the screen. */
const SEAT = { height: 3000 };
const SOON = { timeout: 20_000 };
let server: ParleyServer;
let browser: Browser;
let bob: Person;
/** The first tab leads: it holds the connection for the others. */
let first: Person;
let second: Person;
let phone: Person;
let all: Person[];

beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start({ name: 'devices' }), launchChromium()]);
  [first, bob] = await Promise.all([
    Person.arrive(browser, server.url, 'ada', SEAT),
    Person.arrive(browser, server.url, 'bob', SEAT),
  ]);
  await Promise.all([first.register('Ada'), bob.register('Bob')]);
  phone = await Person.arrive(browser, server.url, 'ada', SEAT);
  await phone.signIn();
  second = await first.anotherTab();
  all = [first, second, phone];
});
keepEvidence('devices', () => [bob, first, second, phone]);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

it('what comes is unread on all of them, and read on all when it was read on one', async () => {
  await bob.startChatWith('Ada');
  await bob.write('one');
  await bob.write('two');
  for (const place of all) await place.row('Bob').getByText('2 unread messages').waitFor();
  await second.open('Bob');
  await second.sees('one', 'two');
  for (const place of all) await place.row('Bob').getByText('2 unread messages').waitFor({ state: 'detached' });
  await bob.bubble('two').getByRole('img', { name: 'Read' }).waitFor();
});

it('what is written on any of them is seen on all, in one order', async () => {
  for (const place of all) await place.open('Bob');
  await first.write('from the first tab');
  await bob.sees('from the first tab');
  await second.write('from the second tab');
  await bob.sees('from the second tab');
  await phone.write('from the phone');
  await bob.sees('from the phone');
  const texts = ['one', 'two', 'from the first tab', 'from the second tab', 'from the phone'];
  for (const place of [...all, bob]) {
    await place.sees(...texts);
    expect(await place.texts()).toEqual(texts);
  }
});

it('written at the same moment, too', async () => {
  const texts = ['Mercury', 'Venus', 'Earth', 'Mars', 'Jupiter', 'Saturn'];
  await Promise.all(
    [...all, bob].map(async (place, index) => {
      for (const text of texts) await place.write(`${text} ${index}`);
    }),
  );
  const order = async (place: Person) => (await place.texts()).filter((text) => /^[A-Z]\w+ \d$/.test(text));
  for (const place of [...all, bob]) await expect.poll(async () => (await order(place)).length, SOON).toBe(24);
  const expected = await order(bob);
  expect(new Set(expected).size).toBe(24);
  for (const place of all) await expect.poll(() => order(place), SOON).toEqual(expected);
  for (const index of [0, 1, 2, 3])
    expect(expected.filter((text) => text.endsWith(String(index)))).toEqual(texts.map((text) => `${text} ${index}`));
});

it('a draft is kept on its device, in all its tabs', async () => {
  await first.composer.fill('to be continued');
  await first.goTo('Contacts');
  await second.goTo('Contacts');
  await second.goTo('Chats');
  await second.row('Bob').getByText('to be continued').waitFor();
  await second.open('Bob');
  expect(await second.composer.inputValue()).toBe('to be continued');
  await phone.goTo('Contacts');
  await phone.goTo('Chats');
  await phone.row('Bob').getByText('Saturn').waitFor();
  expect(await phone.row('Bob').getByText('Draft:').count()).toBe(0);
  await second.composer.fill('');
  await first.goTo('Chats');
  await first.row('Bob').getByText('Draft:').waitFor({ state: 'detached' });
  await phone.open('Bob');
});

it('when the tab that leads is closed the other goes on', async () => {
  await first.page.close();
  await bob.write('are you still there?');
  await second.sees('are you still there?');
  await second.write('I am');
  await bob.sees('are you still there?', 'I am');
  await phone.sees('are you still there?', 'I am');
});

it('a device that is ended in the settings is signed out, and says why', async () => {
  await second.goTo('Settings');
  await second.page.getByRole('link', { name: 'Devices' }).click();
  await second.page.getByRole('heading', { name: 'Other devices' }).waitFor();
  await second.page.getByRole('button', { name: /^Sign out Chrome/ }).click();
  await second.page.getByText('You are signed in nowhere else.').waitFor();
  await phone.page.getByText('This session was ended from another device.').waitFor();
  await phone.page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(await phone.page.getByText('are you still there?').count()).toBe(0);
});

it('who signs out in one tab is signed out in the other, and nothing is left behind', async () => {
  const third = await second.anotherTab();
  await third.open('Bob');
  await third.sees('are you still there?', 'I am');
  await second.page.bringToFront();
  await second.page.getByRole('button', { name: 'Account: Ada' }).click();
  await second.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await second.page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  for (const tab of [second, third]) await tab.page.getByRole('tab', { name: 'Sign in' }).waitFor();
  await bob.write('only for Ada');
  await third.page.reload();
  await third.page.getByRole('tab', { name: 'Sign in' }).waitFor();
  expect(third.complaints).toEqual([]);
});

it('the consoles stayed empty', () => {
  for (const place of [...all, bob]) expect(place.complaints).toEqual([]);
});
