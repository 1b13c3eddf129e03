import { ParleyServer } from '@parley/testing';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from './support/chromium.js';
import { keepEvidence } from './support/evidence.js';
import { Person } from './support/person.js';

const SOON = { timeout: 20_000 };
let server: ParleyServer;
let browser: Browser;
let ada: Person;
let bob: Person;
let cy: Person;
let dora: Person;

beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start({ name: 'groups' }), launchChromium()]);
  [ada, bob, cy] = await Promise.all([
    Person.arrive(browser, server.url, 'ada'),
    Person.arrive(browser, server.url, 'bob'),
    Person.arrive(browser, server.url, 'cyrus'),
  ]);
  await Promise.all([ada.register('Ada'), bob.register('Bob'), cy.register('Cyrus')]);
});
keepEvidence('groups', () => [ada, bob, cy, dora]);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const details = (person: Person): Locator => person.page.getByRole('complementary', { name: 'Details' });
const openDetails = (person: Person): Promise<void> =>
  person.page.getByRole('button', { name: 'Details', exact: true }).click();
const notice = (person: Person, text: string): Promise<void> =>
  person.messages.getByText(text, { exact: true }).last().waitFor();

/** Does something with a member by their menu in the details. */
async function does(person: Person, action: string, to: string): Promise<void> {
  await details(person)
    .getByRole('button', { name: `Actions for ${to}` })
    .click();
  await person.page.getByRole('menuitem', { name: action, exact: true }).click();
}

async function confirms(person: Person, action: string): Promise<void> {
  await person.page.getByRole('dialog').getByRole('button', { name: action, exact: true }).click();
}

it('three people talk in a group', async () => {
  await ada.createGroup('Hikers', ['Bob', 'Cyrus']);
  await ada.write('Where do we go?');
  await Promise.all([bob.open('Hikers'), cy.open('Hikers')]);
  await bob.write('To the lake with the xylophone');
  await cy.sees('Where do we go?', 'To the lake with the xylophone');
  await cy.write('Fine');
  for (const person of [ada, bob, cy]) await person.sees('Where do we go?', 'To the lake with the xylophone', 'Fine');
  await bob.page.getByText('3 members').first().waitFor();
});

it('an admin may more, as long as they are one', async () => {
  await Promise.all([openDetails(ada), openDetails(bob)]);
  const announce = details(bob).getByRole('button', { name: 'Write an announcement' });
  await details(bob).getByRole('list', { name: 'Members' }).getByText('Cyrus').waitFor();
  expect(await announce.count()).toBe(0);
  await does(ada, 'Make admin', 'Bob');
  await announce.waitFor();
  await notice(cy, 'Ada made Bob an admin');
  await does(ada, 'Take admin role away', 'Bob');
  await announce.waitFor({ state: 'detached' });
  await notice(cy, 'Bob is no longer an admin');
});

it('who is muted is told so, and cannot write until they may again', async () => {
  await does(ada, 'Mute for 10 minutes', 'Cyrus');
  await cy.page.getByText(/^You are muted here until/).waitFor();
  await cy.composer.waitFor({ state: 'detached' });
  await details(bob)
    .getByText(/^Muted until/)
    .waitFor();
  await does(ada, 'Let speak again', 'Cyrus');
  await cy.composer.waitFor();
  await cy.write('I speak again');
  await bob.sees('I speak again');
});

it('an announcement stands above the conversation', async () => {
  await details(ada).getByRole('button', { name: 'Write an announcement' }).click();
  await ada.page.getByRole('dialog').getByRole('textbox').fill('Bring warm clothes');
  await confirms(ada, 'Save');
  await bob.page.getByRole('button', { name: 'Announcement Bring warm clothes' }).click();
  await bob.page.getByRole('dialog').getByText('Bring warm clothes').waitFor();
  await bob.page.keyboard.press('Escape');
  await notice(cy, 'Ada announced: Bring warm clothes');
});

it('a new name is seen everywhere at once', async () => {
  await details(ada).getByRole('button', { name: 'Edit name and description' }).click();
  await ada.page.getByRole('dialog').getByLabel('Name').fill('Ramblers');
  await confirms(ada, 'Save');
  await notice(bob, 'Ada changed the name to “Ramblers”');
  await bob.page.getByRole('heading', { name: 'Ramblers' }).waitFor();
  await cy.row('Ramblers').waitFor();
});

it('who is mentioned sees it in the list, until they have read it', async () => {
  await bob.goTo('Chats');
  await ada.composer.pressSequentially('@bo');
  await ada.page.getByRole('option', { name: 'Bob' }).waitFor();
  await ada.composer.press('Enter');
  await ada.composer.pressSequentially('do you bring the map?');
  await ada.composer.press('Enter');
  await bob.row('Ramblers').getByText('1 mention').waitFor();
  await cy.sees('@Bob do you bring the map?');
  expect(await cy.row('Ramblers').getByText('1 mention').count()).toBe(0);
  await bob.open('Ramblers');
  await bob.sees('@Bob do you bring the map?');
  await bob.row('Ramblers').getByText('1 mention').waitFor({ state: 'detached' });
});

it('what is pinned stands in the bar, and leads to where it was said', async () => {
  await ada.act('To the lake with the xylophone', 'Pin');
  const bar = bob.page.getByRole('button', { name: 'Pinned message To the lake with the xylophone' });
  await bar.click();
  await bob.bubble('To the lake with the xylophone').and(bob.page.locator('.highlighted')).waitFor();
  await notice(bob, 'Ada pinned a message');
});

it('who is removed sees at once that it is gone, and finds nothing of it any more', async () => {
  await finds(cy, 'xylophone', 1);
  await cy.goTo('Chats');
  await cy.open('Ramblers');
  await does(ada, 'Remove from the group', 'Cyrus');
  await confirms(ada, 'Remove from the group');
  await cy.page.getByText('This conversation is not there').waitFor();
  await cy.row('Ramblers').waitFor({ state: 'detached' });
  await notice(bob, 'Ada removed Cyrus');
  await finds(cy, 'xylophone', 0);
  await finds(bob, 'xylophone', 1);
  await bob.goTo('Chats');
  await bob.open('Ramblers');
});

async function finds(person: Person, word: string, count: number): Promise<void> {
  await person.goTo('Search');
  await person.page.getByRole('searchbox', { name: 'Search messages' }).fill(word);
  if (count === 0) await person.page.getByText(`Nothing found for “${word}”.`).waitFor();
  else
    await expect
      .poll(() => person.page.getByRole('list', { name: 'Results' }).getByRole('link').count(), SOON)
      .toBe(count);
}

it('a newcomer with the link makes an account and comes to where they were invited', async () => {
  await details(ada).getByRole('button', { name: 'Invitation link' }).click();
  await ada.page.getByRole('button', { name: 'Make a link' }).click();
  await ada.page.getByText('Link copied').waitFor();
  const link = await ada.page.evaluate(() => navigator.clipboard.readText());
  await ada.page.keyboard.press('Escape');
  dora = await Person.arrive(browser, server.url, 'dora', { path: new URL(link).pathname });
  await dora.page.getByRole('heading', { name: 'You have been invited' }).waitFor();
  await dora.createAccount('Dora');
  await dora.page.getByText('Ada invites you').waitFor();
  await dora.page.getByRole('button', { name: 'Join' }).click();
  await dora.composer.waitFor();
  await notice(ada, 'Dora joined');
  await dora.write('Hello everybody');
  for (const person of [ada, bob]) await person.sees('Hello everybody');
});

it('an owner who leaves hands the group over', async () => {
  await details(ada).getByRole('button', { name: 'Leave' }).click();
  await ada.page.getByRole('dialog').getByText('You are the owner: it passes to').waitFor();
  await confirms(ada, 'Leave');
  await ada.row('Ramblers').waitFor({ state: 'detached' });
  await notice(bob, 'Ada left');
  await openDetails(bob);
  await details(bob).getByRole('button', { name: 'Close for everybody' }).waitFor();
  await details(bob).getByRole('listitem').filter({ hasText: 'Bob' }).getByText('Owner').waitFor();
  await dora.write('So long, Ada');
  await bob.sees('So long, Ada');
});

it('the consoles stayed empty', () => {
  for (const person of [ada, bob, cy, dora]) expect(person.complaints, person.name).toEqual([]);
});
