/// <reference lib="dom" />
import { ParleyServer } from '@parley/testing';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from './support/chromium.js';
import { keepEvidence } from './support/evidence.js';
import { PASSWORD, Person } from './support/person.js';

let server: ParleyServer;
let browser: Browser;
let li: Person;
let wang: Person;
let page: Page;
let composer: Locator;

beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start({ name: 'chinese' }), launchChromium()]);
  [li, wang] = await Promise.all([
    Person.arrive(browser, server.url, 'lihua', { locale: 'zh-CN' }),
    Person.arrive(browser, server.url, 'wangfang', { locale: 'zh-CN' }),
  ]);
  page = li.page;
  composer = page.getByRole('textbox', { name: '消息', exact: true });
});
keepEvidence('chinese', () => [li, wang]);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Names, and what is written like this in Chinese, too. */
const ALLOWED = new Set(
  ['Parley', 'https', 'REST', 'OpenAPI', 'AsyncAPI', 'English', 'Chrome', 'Linux', 'HeadlessChrome'].concat([
    'Ctrl',
    'Alt',
    'Esc',
    'Shift',
    'Enter',
    'PageUp',
    'PageDown',
    'lihua',
    'wangfang',
    'World',
  ]),
);

/** Words in Latin letters that are shown, or told to those who listen. */
async function latin(place: Page = page): Promise<string[]> {
  const said = await place.evaluate(() => {
    const found: string[] = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (element?.checkVisibility() === true && element.closest('.rich, code, script, style') === null)
        found.push(walker.currentNode.textContent ?? '');
    }
    for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
      for (const name of ['aria-label', 'placeholder', 'title', 'alt']) found.push(element.getAttribute(name) ?? '');
    return found;
  });
  return said
    .flatMap((text) => (text.match(/[A-Za-z]{2,}/g) ?? []).map((word) => ({ word, text: text.trim() })))
    .filter(({ word }) => !ALLOWED.has(word))
    .map(({ text }) => text);
}

async function register(person: Person, displayName: string): Promise<void> {
  await person.page.getByRole('tab', { name: '注册账号' }).click();
  await person.page.getByLabel('用户名').fill(person.name);
  await person.page.getByLabel('显示名称').fill(displayName);
  await person.page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  expect(await latin(person.page)).toEqual([]);
  await person.page.getByRole('button', { name: '注册账号' }).click();
  await person.page.getByRole('heading', { name: '聊天' }).waitFor();
}

const goTo = (place: string): Promise<void> =>
  page.getByRole('navigation', { name: '导航' }).getByRole('link', { name: place }).click();

it('the door is Chinese, and so is what it says when something is wrong', async () => {
  await page.locator('html[lang=zh-CN]').waitFor();
  await page.getByRole('tab', { name: '登录' }).waitFor();
  expect(await latin()).toEqual([]);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByText('请输入用户名。').waitFor();
  await page.getByLabel('用户名').fill('nobody');
  await page.getByLabel('密码', { exact: true }).fill('wrong password');
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('alert').first().waitFor();
  expect(await latin()).toEqual([]);
  li.complaints.splice(0, Infinity, ...li.complaints.filter((line) => !line.includes('401')));
});

it('people with Chinese names make accounts and find each other', async () => {
  await Promise.all([register(li, '李华'), register(wang, '王芳')]);
  expect(await latin()).toEqual([]);
  await page.getByRole('button', { name: '新建会话' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('searchbox').fill('王');
  await dialog.getByRole('button', { name: /王芳/ }).click();
  expect(await latin()).toEqual([]);
  await dialog.getByRole('button', { name: '开始聊天' }).click();
  await composer.waitFor();
  expect(await latin()).toEqual([]);
});

it('the Enter that ends a word of an input method does not send it', async () => {
  const keyboard = await page.context().newCDPSession(page);
  const compose = (text: string) =>
    keyboard.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await composer.focus();
  await compose('ni');
  await compose('nihao');
  // As a browser tells of a key that the input method takes.
  await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', windowsVirtualKeyCode: 229 });
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Enter', windowsVirtualKeyCode: 13 });
  expect(await composer.inputValue()).toBe('nihao');
  await keyboard.send('Input.insertText', { text: '你好' });
  expect(await composer.inputValue()).toBe('你好');
  await composer.press('Enter');
  await page.getByRole('list', { name: '消息' }).getByText('你好').waitFor();
  expect(await composer.inputValue()).toBe('');
  await wang.page.getByRole('link', { name: /李华/ }).click();
  const seen = wang.page.getByRole('list', { name: '消息' }).locator('.rich');
  await seen.first().waitFor();
  expect(await seen.allInnerTexts()).toEqual(['你好']);
});

it('a conversation, its menus and its details are Chinese', async () => {
  const bubble = page.getByRole('list', { name: '消息' }).locator('.bubble').first();
  await bubble.click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  expect(await latin()).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '详情', exact: true }).click();
  await page.getByRole('complementary', { name: '详情' }).getByRole('switch').first().waitFor();
  expect(await latin()).toEqual([]);
  await page.getByRole('button', { name: '添加附件' }).click();
  await page.getByRole('menu').waitFor();
  expect(await latin()).toEqual([]);
  await page.keyboard.press('Escape');
});

it('so is every place of the application', async () => {
  for (const place of ['联系人', '发现', '搜索', '设置', '聊天']) {
    await goTo(place);
    await page.getByRole('heading', { name: place, level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await latin(), place).toEqual([]);
  }
});

it('and every page of the settings', async () => {
  await goTo('设置');
  for (const section of ['个人资料', '账号', '设备', '通知', '外观', '语言', '关于']) {
    await page.getByRole('navigation', { name: '设置' }).getByRole('link', { name: section, exact: true }).click();
    await page.getByRole('heading', { name: section, level: 2 }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await latin(), section).toEqual([]);
  }
});

it('the language can be changed there and back, and stays', async () => {
  await page.getByRole('link', { name: '语言', exact: true }).click();
  await page.getByText('English', { exact: true }).click();
  await page.getByRole('heading', { name: 'Language' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Language' }).waitFor();
  await page.getByText('简体中文', { exact: true }).click();
  await page.getByRole('heading', { name: '语言' }).waitFor();
});

it('the consoles stayed empty', () => {
  for (const person of [li, wang]) expect(person.complaints).toEqual([]);
});
