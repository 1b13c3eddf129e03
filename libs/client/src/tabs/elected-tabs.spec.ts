import { describe, expect, it } from 'vitest';
import { errorMaker } from '../error-answers.js';
import { ParleyError } from '../errors.js';
import { FakeBrowser } from '../testing/fake-browser.js';
import { settled } from '../testing/fake-clockwork.js';
import { ElectedTabs } from './elected-tabs.js';

const errors = errorMaker('en');

async function aBrowser(count: number) {
  const browser = new FakeBrowser();
  const tabs: ElectedTabs[] = [];
  for (let number = 0; number < count; number++) {
    const tab = new ElectedTabs(browser.tab(number), 'parley', errors);
    tab.answer('who', async () => number);
    tabs.push(tab);
    await settled();
  }
  const leaders = () => tabs.flatMap(({ leading }, number) => (leading.value ? [number] : []));
  return { browser, tabs, leaders, at: (number: number) => tabs[number] as ElectedTabs };
}

describe('ElectedTabs', () => {
  it('has one leader, which answers all', async () => {
    const { tabs, leaders } = await aBrowser(3);
    expect(leaders()).toEqual([0]);
    expect(await Promise.all(tabs.map((tab) => tab.ask('who', {})))).toEqual([0, 0, 0]);
  });

  it('has another leader when one is closed, or crashes', async () => {
    const { browser, at, leaders } = await aBrowser(4);
    at(0).close();
    await settled();
    expect(leaders()).toEqual([1]);
    browser.crash(1);
    await settled();
    expect(await at(3).ask('who', {})).toBe(2);
  });

  it('moves the lead away from a tab that is put aside, and lets it stand again later', async () => {
    const { browser, leaders, at } = await aBrowser(2);
    browser.tell(0, 'hide');
    await settled();
    expect(leaders()).toEqual([1]);
    browser.tell(0, 'show');
    await settled();
    expect(leaders()).toEqual([1]);
    at(1).close();
    await settled();
    expect(leaders()).toEqual([0]);
  });

  it('asks again when the leader dies with a question', async () => {
    const { browser, at } = await aBrowser(3);
    at(0).answer('slow', () => new Promise(() => undefined));
    at(1).answer('slow', async () => 'from the next one');
    const asked = at(2).ask('slow', {});
    await settled();
    browser.crash(0);
    expect(await asked).toBe('from the next one');
  });

  it('takes the lead from a frozen leader when somebody looks at this tab', async () => {
    const { browser, at, leaders } = await aBrowser(2);
    browser.freeze(0);
    const asked = at(1).ask('who', {});
    await browser.clockwork.pass(2500);
    expect(await asked).toBe(1);
    expect(leaders()).toEqual([1]);
  });

  it('waits no longer than it was told to', async () => {
    const { browser, at } = await aBrowser(2);
    at(0).answer('never', () => new Promise(() => undefined));
    const asked = at(1)
      .ask('never', {}, { timeoutMs: 700 })
      .catch((error: ParleyError) => error.code);
    await browser.clockwork.pass(700);
    expect(await asked).toBe('client.timeout');
    expect(browser.clockwork.waiting).toBe(0);
  });

  it('brings errors back as they were', async () => {
    const { at } = await aBrowser(2);
    at(0).answer('fail', () =>
      Promise.reject(new ParleyError('limit.rate', 'Too fast.', { retryable: true, retryAfterMs: 7 })),
    );
    const error = await at(1)
      .ask('fail', {})
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ParleyError);
    expect(error).toMatchObject({ code: 'limit.rate', message: 'Too fast.', retryable: true, retryAfterMs: 7 });
  });

  it('posts to all others, in order, and never to itself', async () => {
    const { tabs, at } = await aBrowser(3);
    const heard = tabs.map((tab) => {
      const all: number[] = [];
      tab.on('n', (body: number) => all.push(body));
      return all;
    });
    for (const n of [1, 2, 3]) at(1).post('n', n);
    await settled();
    expect(heard).toEqual([[1, 2, 3], [], [1, 2, 3]]);
  });

  it('tells the leader of tabs that are gone, however they went; a new leader too', async () => {
    const { browser, at } = await aBrowser(4);
    const gone: [number, string][] = [];
    for (const number of [0, 2]) at(number).onGone((tab) => gone.push([number, tab]));
    at(1).close();
    await settled();
    expect(gone).toEqual([[0, at(1).id]]);
    at(0).close();
    await settled();
    browser.crash(3);
    await settled();
    expect(gone).toEqual([
      [0, at(1).id],
      [2, at(3).id],
    ]);
  });

  it('rejects what is open when it is closed, and leaves no timer', async () => {
    const { browser, at } = await aBrowser(2);
    at(0).answer('never', () => new Promise(() => undefined));
    const asked = at(1)
      .ask('never', {})
      .catch((error: ParleyError) => error.code);
    at(1).close();
    expect(await asked).toBe('client.closed');
    expect(browser.clockwork.waiting).toBe(0);
  });
});
