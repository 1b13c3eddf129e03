import { beforeEach, describe, expect, it } from 'vitest';
import { errorMaker } from '../error-answers.js';
import { ParleyError } from '../errors.js';
import { FakeBrowser } from '../testing/fake-browser.js';
import { settled } from '../testing/fake-clockwork.js';
import { FakeRest } from '../testing/fake-server-side.js';
import { SharedFiles } from './shared-files.js';

const errors = errorMaker('en');
const PART = 10;

/** An object store that takes parts, and what happens to them. */
class FakeStore {
  readonly parts = new Map<number, string>();
  readonly puts: string[] = [];
  inFlight = 0;
  mostInFlight = 0;
  complete: () => unknown = () => ({ fileId: 'f', state: 'ready' });
  answer: (url: string) => Promise<number> = async () => 200;

  announce(size: number) {
    const all = Array.from({ length: Math.ceil(size / PART) }, (_, at) => at + 1);
    const missing = all.filter((number) => !this.parts.has(number));
    return {
      file: { fileId: 'f', state: 'pending' },
      multipart: {
        partSize: PART,
        parts: missing.map((number) => ({
          number,
          size: Math.min(PART, size - (number - 1) * PART),
          method: 'PUT',
          url: `/objects/${number}`,
          headers: {},
        })),
        uploaded: [...this.parts.keys()],
      },
    };
  }

  async put(url: string, bytes: Blob): Promise<number> {
    this.puts.push(url);
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      const status = await this.answer(url);
      if (status === 200) this.parts.set(Number(url.split('/').at(-1)), await bytes.text());
      return status;
    } finally {
      this.inFlight -= 1;
    }
  }
}

describe('SharedFiles', () => {
  let browser: FakeBrowser;
  let store: FakeStore;
  let rest: FakeRest;
  let files: SharedFiles;
  let link: { url: string; expiresAt: string };
  beforeEach(() => {
    browser = new FakeBrowser();
    store = new FakeStore();
    rest = new FakeRest(({ name, request }) => {
      if (name === 'POST /files') return store.announce((request.body as { size: number }).size);
      if (name === 'POST /files/{fileId}/complete') return store.complete();
      return link;
    });
    files = new SharedFiles({
      rest: rest.port,
      platform: {
        ...browser.tab(0),
        fetch: async (url, { body, signal } = {}) => {
          const given = new Promise<never>((_resolve, reject) =>
            signal?.addEventListener('abort', () => reject(signal.reason)),
          );
          return new Response(null, { status: await Promise.race([store.put(String(url), body as Blob), given]) });
        },
      },
      errors,
      base: 'https://chat.example.org',
      serverNow: () => browser.clockwork.now(),
    });
  });
  const text = '0123456789'.repeat(5);
  const upload = () => files.upload(new Blob([text]), { name: 'x', idempotencyKey: 'key' });
  const announcements = () => rest.asked.filter(({ name }) => name === 'POST /files');

  it('sends parts, three at once, to absolute URLs', async () => {
    const one = upload();
    expect((await one.done).state).toBe('ready');
    expect(
      [...store.parts]
        .sort(([a], [b]) => a - b)
        .map(([, part]) => part)
        .join(''),
    ).toBe(text);
    expect(store.mostInFlight).toBe(3);
    expect(store.puts[0]).toBe('https://chat.example.org/objects/1');
    expect(one.value).toEqual({ sent: 50, total: 50, state: 'done' });
  });

  it('goes on with what is missing after a lost connection, as soon as the network is back', async () => {
    let broken = true;
    store.answer = async (url) => {
      if (broken && !url.endsWith('/1')) throw errors('client.offline');
      return 200;
    };
    const one = upload();
    await settled();
    expect(one.value).toMatchObject({ state: 'uploading', sent: 10 });
    broken = false;
    browser.tell(0, 'online');
    await settled();
    expect((await one.done).state).toBe('ready');
    expect(store.puts.filter((url) => url.endsWith('/1'))).toHaveLength(1);
    expect(announcements().map(({ request }) => request.idempotencyKey)).toEqual(['key', 'key']);
    expect(browser.clockwork.waiting).toBe(0);
  });

  it('asks for new URLs when they have expired, and gives up when these are refused as well', async () => {
    let refusals = 1;
    store.answer = async () => (refusals-- > 0 ? 403 : 200);
    const one = upload();
    await browser.clockwork.pass(10_000);
    expect((await one.done).state).toBe('ready');
    store.parts.clear();
    store.answer = async () => 403;
    const other = upload().done.catch((error: ParleyError) => error.code);
    await browser.clockwork.pass(60_000);
    expect(await other).toBe('client.upload_failed');
  });

  it('fails at once, and for good, where the server says no', async () => {
    store.complete = () => {
      throw new ParleyError('file.quota_exceeded', 'x');
    };
    await expect(upload().done).rejects.toMatchObject({ code: 'file.quota_exceeded' });
    expect(browser.clockwork.waiting).toBe(0);
  });

  it('sends as bytes of no type what is not of the type that its name says, and gives up when these are refused, too', async () => {
    let mismatches = 1;
    store.complete = () => {
      if (mismatches-- > 0) throw new ParleyError('file.type_mismatch', 'x');
      return { fileId: 'f', state: 'ready' };
    };
    const send = () => files.upload(new Blob([text], { type: 'image/png' }), { name: 'x.png', idempotencyKey: 'key' });
    expect((await send().done).state).toBe('ready');
    expect(
      announcements().map(({ request }) => [
        (request.body as { contentType: string }).contentType,
        request.idempotencyKey,
      ]),
    ).toEqual([
      ['image/png', 'key'],
      ['application/octet-stream', 'key-raw'],
    ]);
    mismatches = 2;
    await expect(send().done).rejects.toMatchObject({ code: 'file.type_mismatch' });
    expect(browser.clockwork.waiting).toBe(0);
  });

  it('stops while it is paused, and sends no part twice', async () => {
    let go = () => {};
    store.answer = (url) =>
      url.endsWith('/1') ? Promise.resolve(200) : new Promise((resolve) => (go = () => resolve(200)));
    const one = upload();
    await settled();
    one.pause();
    await settled();
    const { length } = store.puts;
    await browser.clockwork.pass(60_000);
    expect(one.value.state).toBe('paused');
    expect(store.puts).toHaveLength(length);
    store.answer = async () => 200;
    go();
    one.resume();
    await settled();
    expect((await one.done).state).toBe('ready');
    expect(store.puts.filter((url) => url.endsWith('/1'))).toHaveLength(1);
  });

  it('cancels what waits and what is under way', async () => {
    store.answer = () => new Promise(() => undefined);
    const all = Array.from({ length: 5 }, upload);
    await settled();
    expect(all.map(({ value }) => value.state)).toEqual(['uploading', 'uploading', 'uploading', 'waiting', 'waiting']);
    for (const one of all) one.cancel();
    const codes = await Promise.all(all.map((one) => one.done.catch((error: ParleyError) => error.code)));
    expect(new Set(codes)).toEqual(new Set(['client.cancelled']));
    await settled();
    store.answer = async () => 200;
    expect((await upload().done).state).toBe('ready');
  });

  it('shares a link until shortly before it ends; a thumbnail has its own', async () => {
    const until = (ms: number) => new Date(browser.clockwork.now() + ms).toISOString();
    link = { url: '/objects/f?1', expiresAt: until(300_000) };
    expect(await Promise.all([files.url('f'), files.url('f')])).toEqual(
      Array(2).fill('https://chat.example.org/objects/f?1'),
    );
    await files.url('f', { thumbnail: 160 });
    expect(rest.asked.map(({ request }) => request.query)).toEqual([{ as: 'json' }, { size: 160, as: 'json' }]);
    await browser.clockwork.pass(240_000);
    await files.url('f');
    expect(rest.asked).toHaveLength(2);
    await browser.clockwork.pass(20_000);
    link = { url: '/objects/f?2', expiresAt: until(300_000) };
    expect(await files.url('f')).toContain('?2');
  });
});
