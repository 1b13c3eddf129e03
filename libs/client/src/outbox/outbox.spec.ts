import { describe, expect, it } from 'vitest';
import type { FileInfo } from '../api.js';
import type { DataHalf } from '../data.js';
import { ParleyError } from '../errors.js';
import { State } from '../observable.js';
import { MemoryStorage } from '../store/memory-storage.js';
import { dataOn } from '../testing/data-under-test.js';
import { FakeClockwork, settled } from '../testing/fake-clockwork.js';
import type { FakeServer } from '../testing/fake-server.js';
import { FakeTabs } from '../testing/fake-tabs.js';
import type { MessageItem, Upload, UploadProgress } from '../types.js';

const refused = (code: string, retryable: boolean) => new ParleyError(code as never, code, { retryable });
const text = (value: string) => ({ type: 'text', content: { text: value } }) as const;
const items = (data: DataHalf, id = 'c') =>
  data.messages(id).value.items.flatMap((item) => (item.kind === 'message' ? [item.message] : []));
const view = (all: readonly MessageItem[]) => all.map((item) => `${item.content?.['text']} ${item.state}`);

async function desk(part: Parameters<typeof dataOn>[0] = {}) {
  const made = await dataOn(part);
  made.server.log('c');
  made.server.log('d');
  made.server.connect();
  await made.clockwork.pass(1000);
  await made.data.messages('c').open();
  return made;
}

describe('the outbox', () => {
  it('shows a message at once, and once, under the same key before and after', async () => {
    const { server, clockwork, data } = await desk();
    const sent = data.messages('c').send(text('hello'));
    await settled();
    expect(items(data).map(({ key }) => key)).toEqual([sent.key]);
    await clockwork.pass(100);
    server.push('conversation:events', { conversationId: 'c', epoch: 'e1', events: server.log('c').page(0, 10) });
    await clockwork.pass(100);
    expect(items(data)).toMatchObject([{ key: sent.key, state: 'committed', seq: 1, mine: true }]);
    expect(data.waiting.value).toBe(0);
  });

  it('shows it once when the event is here before the ack', async () => {
    const { server, clockwork, data } = await desk();
    server.held = [];
    const sent = data.messages('c').send(text('hello'));
    await clockwork.pass(100);
    server.push('conversation:events', { conversationId: 'c', epoch: 'e1', events: server.log('c').page(0, 10) });
    await settled();
    expect(items(data)).toMatchObject([{ key: sent.key, state: 'committed' }]);
    server.release(0);
    await settled();
    expect(items(data)).toMatchObject([{ key: sent.key, state: 'committed' }]);
  });

  it('repeats the same clientMsgId until there is an answer: one message', async () => {
    const { server, clockwork, data } = await desk();
    let lost = 2;
    server.loseAck = () => lost-- > 0;
    data.messages('c').send(text('once'));
    await clockwork.pass(60_000);
    const sends = server.asked.filter(({ name }) => name === 'message:send');
    expect(sends.length).toBe(3);
    expect(new Set(sends.map(({ input }) => input['clientMsgId'])).size).toBe(1);
    expect(server.log('c').head).toBe(1);
  });

  it('keeps the order of a conversation, and lets others pass', async () => {
    const { server, clockwork, data } = await desk();
    let busy = true;
    server.refuse = (input) => (busy && input.conversationId === 'c' ? refused('server.busy', true) : undefined);
    for (const n of [1, 2, 3]) data.messages('c').send(text(`c${n}`));
    data.messages('d').send(text('d1'));
    await clockwork.pass(200);
    expect(server.log('d').head).toBe(1);
    expect(server.log('c').head).toBe(0);
    busy = false;
    await clockwork.pass(60_000);
    expect(
      server
        .log('c')
        .page(0, 9)
        .map(({ data: { content } }) => (content as { text: string }).text),
    ).toEqual(['c1', 'c2', 'c3']);
  });

  it('fails what is refused, and goes on with the next', async () => {
    const { server, clockwork, data } = await desk();
    server.refuse = (input) =>
      (input['content'] as unknown as { text: string }).text === 'bad' ? refused('message.muted', false) : undefined;
    const bad = data.messages('c').send(text('bad'));
    data.messages('c').send(text('good'));
    await clockwork.pass(1000);
    expect(view(items(data))).toEqual(['bad failed', 'good committed']);
    expect(items(data)[0]?.error?.code).toBe('message.muted');
    expect(data.conversations.get('c').value?.failedCount).toBe(1);
    server.refuse = undefined;
    data.messages('c').retry(bad.key);
    await clockwork.pass(1000);
    expect(view(items(data)), 'at the end').toEqual(['good committed', 'bad committed']);
    const ids = server.asked.filter(({ name }) => name === 'message:send').map(({ input }) => input['clientMsgId']);
    expect(ids[0], 'the server has none under it').toBe(ids[2]);
  });

  it('takes a new clientMsgId where the server has another message under the old one', async () => {
    const { server, clockwork, data } = await desk();
    server.refuse = () => refused('message.idempotency_conflict', false);
    const sent = data.messages('c').send(text('x'));
    await clockwork.pass(1000);
    server.refuse = undefined;
    data.messages('c').retry(sent.key);
    await clockwork.pass(1000);
    const ids = server.asked.filter(({ name }) => name === 'message:send').map(({ input }) => input['clientMsgId']);
    expect(ids[0]).not.toBe(ids[1]);
    expect(items(data)).toMatchObject([{ key: sent.key, state: 'committed' }]);
  });

  it('discards what was not sent', async () => {
    const { server, clockwork, data } = await desk();
    server.disconnect();
    const sent = data.messages('c').send(text('no'));
    await clockwork.pass(100);
    expect(data.waiting.value).toBe(1);
    data.messages('c').discard(sent.key);
    await clockwork.pass(100);
    server.connect();
    await clockwork.pass(10_000);
    expect(server.log('c').head).toBe(0);
    expect(items(data)).toEqual([]);
    expect(data.waiting.value).toBe(0);
  });

  it('sends after a reload what was written without a connection', async () => {
    const storage = new MemoryStorage();
    const { server, data } = await desk({ storage });
    server.disconnect();
    data.messages('c').send(text('later'));
    await settled();
    data.stop();
    const clockwork = new FakeClockwork();
    const again = await dataOn({ server, storage, clockwork });
    await again.data.messages('c').open();
    expect(view(items(again.data))).toEqual(['later queued']);
    server.connect();
    await clockwork.pass(5000);
    expect(view(items(again.data))).toEqual(['later committed']);
  });

  it('sends what another tab wrote, also when nobody led at that moment', async () => {
    const [first, second] = FakeTabs.open(2) as [FakeTabs, FakeTabs];
    const storage = new MemoryStorage();
    const { server, clockwork, data } = await desk({ storage, tabs: first });
    const follower = await dataOn({ server, clockwork, storage, tabs: second });
    follower.data.messages('c').send(text('one'));
    await clockwork.pass(100);
    expect(server.log('c').head).toBe(1);
    first.leading.set(false);
    follower.data.messages('c').send(text('two'));
    await clockwork.pass(100);
    data.stop();
    second.leading.set(true);
    await clockwork.pass(20_000);
    expect(server.log('c').head).toBe(2);
  });

  it('does no harm while two tabs believe that they lead', async () => {
    const [first, second] = FakeTabs.open(2) as [FakeTabs, FakeTabs];
    const storage = new MemoryStorage();
    const { server, clockwork, data } = await desk({ storage, tabs: first });
    await dataOn({ server, clockwork, storage, tabs: second });
    second.leading.set(true);
    for (const n of [1, 2, 3]) data.messages('c').send(text(`t${n}`));
    await clockwork.pass(60_000);
    expect(
      server
        .log('c')
        .page(0, 9)
        .map(({ data: { content } }) => (content as { text: string }).text),
    ).toEqual(['t1', 't2', 't3']);
  });
});

describe('attachments', () => {
  class FakeUpload extends State<UploadProgress> implements Upload {
    cancelled = false;
    private settle: { resolve(file: FileInfo): void; reject(error: Error): void } | undefined;
    readonly done = new Promise<FileInfo>((resolve, reject) => (this.settle = { resolve, reject }));
    constructor(readonly key: string) {
      super({ sent: 0, total: 10, state: 'uploading' });
    }
    finish(file: Partial<FileInfo>): void {
      this.set({ sent: 10, total: 10, state: 'done' });
      this.settle?.resolve(file as FileInfo);
    }
    fail(error: Error): void {
      this.settle?.reject(error);
    }
    pause(): void {
      this.update((value) => ({ ...value, state: 'paused' }));
    }
    resume(): void {
      this.update((value) => ({ ...value, state: 'uploading' }));
    }
    cancel(): void {
      this.cancelled = true;
      this.settle?.reject(refused('client.cancelled', false));
    }
  }
  const uploads: FakeUpload[] = [];
  const uploader = {
    start: (_: Blob, { idempotencyKey }: { idempotencyKey: string }) => {
      const upload = new FakeUpload(idempotencyKey);
      uploads.push(upload);
      return upload;
    },
  };
  const sends = (server: FakeServer) =>
    server.asked.filter(({ name }) => name === 'message:send').map(({ input }) => input['content']);
  const picture = new Blob(['bytes'], { type: 'image/png' });

  it('are uploaded, then sent with what the server measured; what follows waits its turn', async () => {
    const { server, clockwork, data } = await desk({ uploader });
    const sent = data.messages('c').sendFile({ file: picture, name: 'cat.png', caption: 'cat' });
    data.messages('c').send(text('after'));
    await clockwork.pass(100);
    const upload = uploads.pop() as FakeUpload;
    expect(upload.key).toBe(sent.key);
    upload.set({ sent: 5, total: 10, state: 'uploading' });
    await settled();
    expect(items(data)[0]).toMatchObject({ upload: { sent: 5 }, state: 'queued', localFile: expect.any(Blob) as Blob });
    expect(server.log('c').head).toBe(0);
    upload.finish({ fileId: 'f', name: 'cat.png', size: 5, contentType: 'image/png', width: 4, height: 3 });
    await clockwork.pass(1000);
    const sends = server.asked.filter(({ name }) => name === 'message:send').map(({ input }) => input);
    expect(sends).toMatchObject([
      { type: 'image', content: { fileId: 'f', width: 4, height: 3, caption: 'cat' } },
      { type: 'text' },
    ]);
  });

  it('are uploaded anew after a failure, when somebody tries again', async () => {
    const { clockwork, data } = await desk({ uploader });
    const sent = data.messages('c').sendFile({ file: picture });
    await clockwork.pass(100);
    uploads.pop()?.fail(refused('file.quota_exceeded', false));
    await clockwork.pass(100);
    expect(items(data)).toMatchObject([{ state: 'failed' }]);
    data.messages('c').retry(sent.key);
    await clockwork.pass(100);
    expect(uploads.pop()?.key).not.toBe(sent.key);
  });

  it('pause and go on from any tab, and let pass what comes after them', async () => {
    const [first, second] = FakeTabs.open(2) as [FakeTabs, FakeTabs];
    const storage = new MemoryStorage();
    const { server, clockwork, data } = await desk({ uploader, storage, tabs: first });
    const follower = await dataOn({ server, clockwork, storage, tabs: second });
    const sent = data.messages('c').sendFile({ file: picture, name: 'cat.png' });
    data.messages('c').send(text('after'));
    await clockwork.pass(100);
    await follower.data.messages('c').open();
    follower.data.messages('c').pause(sent.key);
    await clockwork.pass(100);
    for (const tab of [data, follower.data])
      expect(items(tab).find(({ key }) => key === sent.key)?.upload).toMatchObject({ state: 'paused' });
    expect(server.log('c').head, 'what came after').toBe(1);
    follower.data.messages('c').resume(sent.key);
    await clockwork.pass(100);
    expect(items(data).find(({ key }) => key === sent.key)?.upload).toMatchObject({ state: 'uploading' });
    const file = { fileId: 'f', name: 'cat.png', size: 5, contentType: 'image/png', width: 4, height: 3 };
    const upload = uploads.pop() as FakeUpload;
    upload.finish(file);
    await clockwork.pass(1000);
    expect(sends(server)).toMatchObject([{ text: 'after' }, { fileId: 'f' }]);
    data.messages('c').pause(sent.key);
    await clockwork.pass(100);
    expect(upload.value.state, 'it is over').toBe('done');
  });

  it('send nothing without their file, however quickly they are paused and resumed', async () => {
    const { server, clockwork, data } = await desk({ uploader });
    const sent = data.messages('c').sendFile({ file: picture });
    await clockwork.pass(100);
    data.messages('c').pause(sent.key);
    data.messages('c').resume(sent.key);
    await clockwork.pass(1000);
    expect(server.log('c').head).toBe(0);
    uploads.pop()?.finish({ fileId: 'f', name: 'cat.png', size: 5, contentType: 'image/png', width: 4, height: 3 });
    await clockwork.pass(1000);
    expect(sends(server)).toMatchObject([{ fileId: 'f' }]);
  });

  it('stay paused over a reload, and say so', async () => {
    const storage = new MemoryStorage();
    const { server, clockwork, data } = await desk({ uploader, storage });
    const sent = data.messages('c').sendFile({ file: picture });
    await clockwork.pass(100);
    data.messages('c').pause(sent.key);
    await clockwork.pass(100);
    data.stop();
    const again = await dataOn({ server, storage, clockwork, uploader });
    await again.data.messages('c').open();
    await clockwork.pass(1000);
    expect(items(again.data)).toMatchObject([{ state: 'queued', upload: { state: 'paused' } }]);
    again.data.messages('c').resume(sent.key);
    await clockwork.pass(100);
    uploads.pop()?.finish({ fileId: 'f', name: 'cat.png', size: 5, contentType: 'image/png', width: 4, height: 3 });
    await clockwork.pass(1000);
    expect(items(again.data)).toMatchObject([{ key: sent.key, state: 'committed' }]);
  });

  it('stop their upload when they are discarded', async () => {
    const { server, clockwork, data } = await desk({ uploader });
    const sent = data.messages('c').sendFile({ file: picture });
    await clockwork.pass(100);
    data.messages('c').discard(sent.key);
    await clockwork.pass(1000);
    expect(uploads.pop()?.cancelled).toBe(true);
    expect(items(data)).toEqual([]);
    expect(server.log('c').head).toBe(0);
  });
});
