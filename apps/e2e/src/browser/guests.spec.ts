import { ParleyServer } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from './support/chromium.js';
import { keepEvidence } from './support/evidence.js';
import { PASSWORD, Person } from './support/person.js';

const REFUSED = 'Policy does not allow it.';
let server: ParleyServer;
let browser: Browser;
let ada: Person;
let guest: Person;
let phone: Person;

beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start({ name: 'guests' }), launchChromium()]);
  [ada, guest] = await Promise.all([
    Person.arrive(browser, server.url, 'ada'),
    Person.arrive(browser, server.url, 'wanderer'),
  ]);
  await Promise.all([ada.register('Ada'), guest.asGuest()]);
});
keepEvidence('guests', () => [ada, guest, phone]);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

it('a guest comes into the world room and talks with somebody', async () => {
  for (const person of [ada, guest]) {
    await person.page.getByRole('button', { name: 'Join the world room' }).click();
    await person.composer.waitFor();
  }
  await guest.write('Hello, who is here?');
  await ada.sees('Hello, who is here?');
  await ada.write('I am Ada');
  await guest.sees('Hello, who is here?', 'I am Ada');
});

it('a guest is not offered what they cannot do, and told how they could', async () => {
  expect(await guest.page.getByRole('button', { name: 'New conversation' }).count()).toBe(0);
  await guest.goTo('Contacts');
  await guest.page.getByText('Guests have no contacts').waitFor();
  const way = guest.page.locator('#content').getByRole('link', { name: 'Keep my account' });
  expect(await way.getAttribute('href')).toBe('/settings/account');
});

it('a guest who tries all the same is told that they may not', async () => {
  const news = guest.page.getByRole('region', { name: 'News' }).getByText(REFUSED);
  await guest.goTo('Explore');
  await guest.page.getByRole('button', { name: 'New room' }).click();
  const dialog = guest.page.getByRole('dialog');
  await dialog.getByLabel('Name of the room').fill('My room');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await news.waitFor();
  await guest.page.keyboard.press('Escape');
  await guest.page.getByRole('region', { name: 'News' }).getByRole('button', { name: 'Close' }).click();
  await news.waitFor({ state: 'detached' });
  await guest.goTo('Chats');
  await guest.open('World');
  await guest.page.getByRole('button', { name: 'Details', exact: true }).click();
  await guest.page.getByRole('button', { name: 'Actions for Ada' }).click();
  await guest.page.getByRole('menuitem', { name: 'Send a message' }).click();
  await news.waitFor();
});

it('an account keeps what the guest had', async () => {
  await guest.goTo('Settings');
  await guest.page.getByRole('link', { name: 'Account', exact: true }).click();
  await guest.page.getByLabel('Username').fill('wanderer');
  await guest.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await guest.page.getByRole('button', { name: 'Keep my account' }).click();
  await guest.page.getByText('@wanderer').first().waitFor();
  await guest.goTo('Chats');
  await guest.open('World');
  await guest.sees('Hello, who is here?', 'I am Ada');
  await guest.write('I stay');
  await ada.sees('I stay');
});

it('and opens the same conversations on a second device', async () => {
  phone = await Person.arrive(browser, server.url, 'wanderer');
  await phone.signIn();
  await phone.open('World');
  await phone.sees('Hello, who is here?', 'I am Ada', 'I stay');
  await phone.write('on my phone, too');
  for (const person of [ada, guest]) await person.sees('I stay', 'on my phone, too');
});

it('who has an account now may start a conversation', async () => {
  await guest.startChatWith('Ada');
  await guest.write('Just the two of us');
  const line = ada.page.locator('a[data-id]', { hasText: 'Just the two of us' });
  await line.getByText('1 unread message').waitFor();
});

it('the consoles say what was refused, and nothing else', () => {
  expect(ada.complaints).toEqual([]);
  expect(phone.complaints).toEqual([]);
  // The two that were tried; of each the browser has a line of its own.
  const refusals = guest.complaints.filter((line) => line.startsWith('403 '));
  expect(refusals.map((line) => line.replace(/http:\/\/[^/]+/, ''))).toEqual([
    '403 POST /api/v1/conversations',
    expect.stringMatching(/^403 PUT \/api\/v1\/conversations\/direct\//),
  ]);
  expect(guest.complaints.filter((line) => !/^403 |status of 403/.test(line))).toEqual([]);
});
