/// <reference lib="dom" />
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ParleyServer } from '@parley/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './support/chromium.js';
import { furnish } from './support/furnish.js';
import { barriers, overflow } from './support/judge.js';
import { Person } from './support/person.js';

/** Where pictures of the screens go: `PARLEY_SCREENSHOTS=docs/screens npm test -- looks`. */
const PICTURES = process.env['PARLEY_SCREENSHOTS'];
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** What is fetched before a conversation can be read; gzip. */
const MAX_SCRIPTS = 200_000;
const DIST = fileURLToPath(new URL('../../../web/dist', import.meta.url));

let server: ParleyServer;
let browser: Browser;
let ada: Person;
let bob: Person;
let chen: Person;

beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start({ name: 'looks' }), launchChromium()]);
  const arrive = (name: string) => Person.arrive(browser, server.url, name, WIDE);
  [ada, bob, chen] = await Promise.all([arrive('ada'), arrive('bob'), arrive('chen')]);
  await furnish(ada, bob, chen);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const SCREENS: { name: string; phone?: boolean; show: (page: Page) => Promise<unknown> }[] = [
  { name: 'conversation', phone: true, show: () => visit('Bob Martin', 'bring the long explanation') },
  { name: 'group', phone: true, show: () => visit('Analytical Engine', 'Hello Chen') },
  {
    name: 'details',
    phone: true,
    show: async (page) => {
      await visit('Analytical Engine', 'Hello Chen');
      await page.locator('header button.who').click();
      await page.getByRole('list', { name: 'Members' }).getByText('陈小雨').waitFor();
    },
  },
  {
    name: 'chats',
    phone: true,
    show: (page) => page.goto('/').then(() => page.getByRole('link', { name: /Analytical/ }).waitFor()),
  },
  {
    name: 'contacts',
    phone: true,
    show: (page) => page.goto('/contacts').then(() => page.getByRole('heading').first().waitFor()),
  },
  {
    name: 'explore',
    show: (page) =>
      page.goto('/explore').then(() =>
        page
          .getByText(/member/)
          .first()
          .waitFor(),
      ),
  },
  {
    name: 'search',
    show: (page) => page.goto('/search?q=engine').then(() => page.getByRole('list', { name: 'Results' }).waitFor()),
  },
  {
    name: 'settings',
    phone: true,
    show: (page) => page.goto('/settings').then(() => page.getByRole('heading').first().waitFor()),
  },
  {
    name: 'appearance',
    show: (page) => page.goto('/settings/appearance').then(() => page.getByRole('heading').first().waitFor()),
  },
  {
    name: 'devices',
    show: (page) => page.goto('/settings/devices').then(() => page.getByRole('heading').first().waitFor()),
  },
];

async function visit(title: string, text: string): Promise<void> {
  await ada.page.goto('/');
  await ada.open(title);
  await ada.messages.getByText(text).first().waitFor();
}

const compressed = (path: string) => gzipSync(readFileSync(join(DIST, path)), { level: 9 }).length;

async function judge(page: Page, name: string): Promise<void> {
  // Pictures and fonts as people see them, not as they arrive.
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))));
  if (PICTURES !== undefined) {
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }
  expect(await overflow(page), 'pixels beyond the window').toBe(0);
  expect(await barriers(page)).toEqual([]);
}

describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
  describe.each([
    ['desktop', WIDE],
    ['phone', PHONE],
  ] as const)('on a %s', (device, size) => {
    const screens = device === 'phone' ? SCREENS.filter(({ phone }) => phone) : SCREENS;

    it.each(screens.map((screen) => [screen.name, screen] as const))(
      '%s fits and has no barrier',
      async (name, screen) => {
        await ada.page.emulateMedia({ colorScheme: scheme });
        await ada.page.setViewportSize(size);
        await screen.show(ada.page);
        await judge(ada.page, `${name}-${device}-${scheme}`);
      },
    );

    it('the door fits and has no barrier', async () => {
      const guest = await Person.arrive(browser, server.url, 'guest', { ...size, scheme });
      await guest.page.getByRole('button', { name: 'Continue as guest' }).waitFor();
      await judge(guest.page, `welcome-${device}-${scheme}`);
      await guest.leave();
    });
  });
});

it(`a conversation is on the screen after at most ${MAX_SCRIPTS} bytes of scripts`, async () => {
  await bob.page.addInitScript(() => {
    new MutationObserver((_changes, observer) => {
      if (document.querySelector('[data-key]') === null) return;
      observer.disconnect();
      performance.mark('conversation');
    }).observe(document, { childList: true, subtree: true });
  });
  await bob.open('Ada Lovelace');
  await bob.page.reload();
  await bob.messages.locator('[data-key]').first().waitFor();
  const scripts = await bob.page.evaluate(() => {
    const shownAt = performance.getEntriesByName('conversation')[0]?.startTime ?? 0;
    const loaded = performance.getEntriesByType('resource').filter(({ startTime }) => startTime < shownAt);
    return loaded.map(({ name }) => new URL(name).pathname).filter((path) => path.endsWith('.js'));
  });
  const sizes = [...new Set(scripts)].map((path) => [path, compressed(path)] as const);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  console.log(`${total} bytes of scripts: ${sizes.map((size) => size.join(' ')).join(', ')}`);
  expect(total, sizes.map((size) => size.join(' ')).join('\n')).toBeLessThan(MAX_SCRIPTS);
});

it('the consoles stayed empty', () => {
  for (const person of [ada, bob, chen]) expect(person.complaints, person.name).toEqual([]);
});
