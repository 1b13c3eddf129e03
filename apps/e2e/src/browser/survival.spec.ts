import { ParleyServer } from '@parley/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from './support/chromium.js';
import { keepEvidence } from './support/evidence.js';
import { Person } from './support/person.js';
import { textsOnServer } from './support/server-log.js';
import { WeakLink } from './support/weak-link.js';

const SOON = { timeout: 30_000 };
let server: ParleyServer;
let browser: Browser;
/** Ada's way to the server. */
let link: WeakLink;
let ada: Person;
let bob: Person;
let people: Person[];
/** Whatever was written, by whom does not matter. */
const written: string[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start({ name: 'survival' }), launchChromium()]);
  link = await WeakLink.to(server.httpPort);
  // High enough that all of the conversation is on the screen.
  const seat = { height: 3600 };
  people = [ada, bob] = await Promise.all([
    Person.arrive(browser, link.url, 'ada', seat),
    Person.arrive(browser, server.url, 'bob', seat),
  ]);
  await Promise.all([ada.register('Ada'), bob.register('Bob')]);
});
keepEvidence('survival', () => [ada, bob]);
afterAll(async () => {
  await browser?.close();
  await link?.close();
  await server?.stop();
});

async function say(person: Person, ...texts: string[]): Promise<void> {
  written.push(...texts);
  for (const text of texts) await person.write(text);
}

const waiting = (person: Person) => person.messages.getByRole('img', { name: 'Waiting to be sent' });

/** Everything once, in one order for both, and nothing waits. */
async function allOfIt(): Promise<void> {
  for (const person of people)
    await expect.poll(async () => [...(await person.texts())].sort(), SOON).toEqual([...written].sort());
  await expect.poll(async () => same(await ada.texts(), await bob.texts()), SOON).toBe(true);
  for (const person of people) {
    await expect.poll(() => waiting(person).count(), SOON).toBe(0);
    await person.connectionLine().waitFor({ state: 'hidden' });
  }
}
const same = (one: readonly string[], other: readonly string[]): boolean => one.join('\n') === other.join('\n');

/** What each wrote keeps its order, whatever came in between. */
async function inOrder(...texts: string[]): Promise<void> {
  for (const person of people) expect((await person.texts()).filter((text) => texts.includes(text))).toEqual(texts);
}

it('all is well', async () => {
  await ada.createGroup('Notes', []);
  await ada.write('remember the milk');
  await ada.startChatWith('Bob');
  await say(ada, 'before all');
  await bob.open('Ada');
  await allOfIt();
});

it('offline one reads what is there, and what one writes waits and says so', async () => {
  await ada.context.setOffline(true);
  await say(bob, 'bob, meanwhile 1', 'bob, meanwhile 2');
  await say(ada, 'from the train 1', 'from the train 2', 'from the train 3');
  await ada.connectionLine('3 messages wait to be sent').waitFor();
  expect(await waiting(ada).count()).toBe(3);
  await ada.open('Notes');
  await ada.sees('remember the milk');
  await ada.open('Bob');
  await ada.sees('from the train 1', 'from the train 2', 'from the train 3');
  expect(await bob.texts()).not.toContain('from the train 1');
});

it('back online everything arrives, once, in one order', async () => {
  await ada.context.setOffline(false);
  await allOfIt();
  await inOrder('from the train 1', 'from the train 2', 'from the train 3');
  await inOrder('bob, meanwhile 1', 'bob, meanwhile 2');
  ada.forgiveNetwork();
});

it('what is written while the server is down is sent when it is back', async () => {
  await server.kill();
  await say(ada, 'into the void 1', 'into the void 2', 'into the void 3');
  await say(bob, 'is anybody there?');
  await ada.connectionLine('3 messages wait to be sent').waitFor();
  await bob.connectionLine('1 message waits to be sent').waitFor();
  await server.start();
  await Promise.all(people.map((person) => person.reconnect()));
  await allOfIt();
  await inOrder('into the void 1', 'into the void 2', 'into the void 3');
  for (const person of people) person.forgiveNetwork();
});

it('a server that dies in the middle of many messages loses none and doubles none', async () => {
  const numbers = Array.from({ length: 12 }, (_, index) => index + 1);
  const burst = (person: Person) => say(person, ...numbers.map((number) => `${person.name} counts ${number}`));
  const bursts = Promise.all([burst(ada), burst(bob)]);
  await bob.bubble('ada counts 3').waitFor();
  await server.kill();
  await bursts;
  for (const person of people) await person.connectionLine().waitFor();
  await server.start();
  await Promise.all(people.map((person) => person.reconnect()));
  await allOfIt();
  for (const name of ['ada', 'bob']) await inOrder(...numbers.map((number) => `${name} counts ${number}`));
  for (const person of people) person.forgiveNetwork();
});

it('what waits survives a reload of the page', async () => {
  await server.kill();
  await say(ada, 'kept through the reload 1', 'kept through the reload 2');
  await ada.connectionLine('2 messages wait to be sent').waitFor();
  // The page comes from the server, the way for messages stays shut.
  link.refused = /^GET \/socket\.io/;
  await server.start();
  await ada.page.reload();
  await ada.sees('kept through the reload 1', 'kept through the reload 2');
  expect(await waiting(ada).count()).toBe(2);
  await ada.connectionLine('2 messages wait to be sent').waitFor();
  link.mend();
  await Promise.all(people.map((person) => person.reconnect()));
  await allOfIt();
  await inOrder('kept through the reload 1', 'kept through the reload 2');
  for (const person of people) person.forgiveNetwork();
});

it('what both see is what the server has', async () => {
  const log = await textsOnServer(server.url, ada);
  expect(await ada.texts()).toEqual(log);
  expect(await bob.texts()).toEqual(log);
});

it('the consoles had nothing else to say', () => {
  for (const person of people) expect(person.complaints).toEqual([]);
});
