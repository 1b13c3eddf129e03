/// <reference lib="dom" />
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { eventually } from '@parley/testing';
import { picture } from './picture.js';

export interface Seat {
  width?: number;
  height?: number;
  scheme?: 'light' | 'dark';
  locale?: string;
  /** What was opened first: a link that somebody gave them, say. */
  path?: string;
}

export const PASSWORD = 'a long enough password';

/** Somebody at a browser of their own. Whatever the page writes to its console as a warning or an error is kept: there should be none. */
export class Person {
  readonly complaints: string[] = [];

  private constructor(
    readonly name: string,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    this.listenTo(page);
  }

  /** A device of their own, at the door. */
  static async arrive(browser: Browser, url: string, name: string, seat: Seat = {}): Promise<Person> {
    const { width = 1280, height = 800, scheme = 'light', locale = 'en-US', path = '/' } = seat;
    const context = await browser.newContext({
      baseURL: url,
      viewport: { width, height },
      colorScheme: scheme,
      locale,
      permissions: ['notifications', 'clipboard-read', 'clipboard-write', 'microphone'],
    });
    context.setDefaultTimeout(20_000);
    const person = new Person(name, context, await context.newPage());
    await person.page.goto(path);
    return person;
  }

  /** Another tab of the same device. */
  async anotherTab(): Promise<Person> {
    const tab = new Person(this.name, this.context, await this.context.newPage());
    await tab.page.goto('/');
    return tab;
  }

  private listenTo(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    // Chromium's own line does not say of what.
    page.on('response', (response) => {
      if (response.status() >= 400)
        this.complaints.push(`${response.status()} ${response.request().method()} ${response.url()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`${error.name}: ${error.message}`));
  }

  async register(displayName = this.name): Promise<void> {
    await this.createAccount(displayName);
    await this.inside();
  }

  /** Where they come to afterwards is not said. */
  async createAccount(displayName = this.name): Promise<void> {
    const { page } = this;
    await page.getByRole('tab', { name: 'Create account' }).click();
    await page.getByLabel('Username').fill(this.name);
    await page.getByLabel('Display name').fill(displayName);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Create account' }).click();
  }

  async signIn(): Promise<void> {
    const { page } = this;
    await page.getByRole('tab', { name: 'Sign in' }).click();
    await page.getByLabel('Username').fill(this.name);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await this.inside();
  }

  async asGuest(): Promise<void> {
    await this.page.getByRole('button', { name: 'Continue as guest' }).click();
    await this.inside();
  }

  private async inside(): Promise<void> {
    await this.page.getByRole('heading', { name: 'Chats' }).waitFor();
  }

  /** Opens a direct conversation with somebody by their name. */
  async startChatWith(name: string): Promise<void> {
    const dialog = await this.chooses([name]);
    await dialog.getByRole('button', { name: 'Start chat' }).click();
    await this.composer.waitFor();
  }

  async createGroup(title: string, names: readonly string[]): Promise<void> {
    const dialog = await this.chooses(names);
    await dialog.getByRole('button', { name: 'New group' }).click();
    await dialog.getByLabel('Name of the group').fill(title);
    await dialog.getByRole('button', { name: 'Create group' }).click();
    await this.composer.waitFor();
  }

  private async chooses(names: readonly string[]): Promise<Locator> {
    await this.page.getByRole('button', { name: 'New conversation' }).first().click();
    const dialog = this.page.getByRole('dialog');
    for (const name of names) {
      await dialog.getByRole('searchbox').fill(name);
      await dialog
        .getByRole('button', { name: new RegExp(name) })
        .first()
        .click();
    }
    return dialog;
  }

  /** Opens a conversation from the list. */
  async open(title: string): Promise<void> {
    await this.row(title).click();
    await this.composer.waitFor();
  }

  /** By the list of rooms. */
  async enterWorld(): Promise<void> {
    await this.page.getByRole('link', { name: 'Explore' }).first().click();
    await this.page.getByRole('button', { name: /(Join|Open): World/ }).click();
    await this.composer.waitFor();
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: 'Message', exact: true });
  }

  get messages(): Locator {
    return this.page.getByRole('list', { name: 'Messages' });
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  async sendPicture(name: string, caption: string, width: number, height: number): Promise<void> {
    const file = { name, mimeType: 'image/png', buffer: picture(width, height) };
    await this.page.locator('input[type=file]').first().setInputFiles(file);
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox').first().fill(caption);
    await dialog.getByRole('button', { name: 'Send' }).click();
  }

  bubble(text: string): Locator {
    return this.messages.locator('[data-key]', { hasText: text });
  }

  /** Does something with a message by its menu. */
  async act(text: string, action: string): Promise<void> {
    await this.bubble(text).first().locator('.bubble').click({ button: 'right' });
    await this.page.getByRole('menuitem', { name: new RegExp(`^${action}`) }).click();
  }

  async react(text: string, emoji: string): Promise<void> {
    const row = this.bubble(text).first();
    // Messages that arrive move the row away from the pointer, as they do for people.
    await eventually(`${this.name} picks a reaction`, async () => {
      await row.locator('.bubble').hover({ timeout: 1000 });
      await row.getByRole('button', { name: 'React' }).click({ timeout: 1000 });
      return true;
    });
    await this.page.getByRole('button', { name: emoji, exact: true }).click();
  }

  /** What the conversation shows, from top to bottom. */
  texts(): Promise<string[]> {
    return this.messages.locator('[data-key] .rich').allInnerTexts();
  }

  async sees(...expected: string[]): Promise<void> {
    let shown: string[] = [];
    await eventually(
      `${this.name} sees ${expected.join(' | ')}`,
      async () => {
        shown = await this.texts();
        return JSON.stringify(shown.slice(-expected.length)) === JSON.stringify(expected);
      },
      { deadlineMs: 20_000 },
    ).catch((error: unknown) => {
      throw new Error(`${(error as Error).message}; there is: ${shown.join(' | ')}`);
    });
  }

  /** Where to go by the icons at the side. */
  async goTo(place: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: place }).click();
  }

  /** Of a conversation in the list, by its title alone: others may name it in their last message. */
  row(title: string): Locator {
    return this.page.locator('a[data-id]', { has: this.page.locator('.title', { hasText: title }) }).first();
  }

  /** What is said of the connection, where there is something to say. */
  connectionLine(text: RegExp | string = ''): Locator {
    return this.page
      .getByRole('status')
      .filter({ hasText: /You are offline|No connection|Connecting|Getting what is new/ })
      .filter({ hasText: text });
  }

  /** Does not wait until it is tried again by itself. */
  async reconnect(): Promise<void> {
    await eventually(
      `${this.name} is connected`,
      async () => {
        if ((await this.connectionLine().count()) === 0) return true;
        await this.page.getByRole('button', { name: 'Try now' }).click({ timeout: 500 });
        return false;
      },
      { deadlineMs: 30_000 },
    );
  }

  /** Of something that ought to fail for a while: takes what the browser says of the network out of the complaints. */
  forgiveNetwork(): void {
    this.complaints.splice(0, Infinity, ...this.complaints.filter((line) => !line.includes('net::ERR_')));
  }

  leave(): Promise<void> {
    return this.context.close();
  }
}
