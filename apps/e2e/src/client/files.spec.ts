import { createHash, randomBytes } from 'node:crypto';
import { type UploadProgress, until } from '@parley/client';
import { describe, expect, it } from 'vitest';
import { useStandalone } from '../support/use-server.js';
import { refusal, useClients } from './support/clients.js';

const MIB = 1024 * 1024;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('files of the SDK', () => {
  const server = useStandalone('client-files');
  const clients = useClients(() => server.current.url);

  async function downloaded(url: string): Promise<Uint8Array> {
    const response = await fetch(url);
    expect(response.status).toBe(200);
    return new Uint8Array(await response.arrayBuffer());
  }

  it('go up in one piece, and come back by a link that all share', async () => {
    const ada = await clients.person('Ada');
    const upload = ada.files.upload(new Blob(['hello'], { type: 'text/plain' }), { name: 'greeting.txt' });
    const states: string[] = [];
    upload.subscribe(({ state }) => states.push(state));
    const { fileId, state, size } = await upload.done;
    expect({ state, size }).toEqual({ state: 'ready', size: 5 });
    expect([...new Set(states)]).toEqual(['uploading', 'checking', 'done']);
    const [url, same] = await Promise.all([ada.files.url(fileId), ada.files.url(fileId)]);
    expect(same).toBe(url);
    expect(new TextDecoder().decode(await downloaded(url))).toBe('hello');
    expect(await ada.files.info(fileId)).toMatchObject({ fileId, name: 'greeting.txt' });
  });

  it('go up in parts, past a server that dies in the middle: what is there is not sent again', async () => {
    const ada = await clients.person('Ada');
    // Three of six parts are on their way at once.
    const SIZE = 88 * MIB;
    const bytes = new Uint8Array(randomBytes(SIZE));
    const upload = ada.files.upload(new Blob([bytes]), { name: 'large.bin' });
    await until(upload, ({ sent }) => sent >= 16 * MIB);
    await server.current.kill();
    const { sent } = upload.value;
    expect(sent).toBeLessThan(SIZE);
    await server.current.start();
    const seen: UploadProgress[] = [];
    upload.subscribe((value) => seen.push(value));
    const { fileId, state } = await upload.done;
    expect(state).toBe('ready');
    expect(Math.min(...seen.map((value) => value.sent))).toBeGreaterThan(0);
    expect(upload.value).toEqual({ sent: SIZE, total: SIZE, state: 'done' });
    expect(sha256(await downloaded(await ada.files.url(fileId)))).toBe(sha256(bytes));
  });

  it('wait while paused, go on where they were, and are given up when cancelled', async () => {
    const ada = await clients.person('Ada');
    const file = new Blob([new Uint8Array(randomBytes(40 * MIB))]);
    const upload = ada.files.upload(file, { name: 'large.bin' });
    await until(upload, ({ sent }) => sent >= 16 * MIB);
    upload.pause();
    expect(upload.value.state).toBe('paused');
    upload.resume();
    expect((await upload.done).state).toBe('ready');
    const other = ada.files.upload(file, { name: 'large.bin' });
    await until(other, ({ state }) => state === 'uploading');
    other.cancel();
    expect(await refusal(other.done)).toMatchObject({ code: 'client.cancelled' });
    expect(other.value.state).toBe('failed');
  });

  it('announced twice with one key are one', async () => {
    const ada = await clients.person('Ada');
    const file = new Blob(['once'], { type: 'text/plain' });
    const options = { name: 'once.txt', idempotencyKey: 'the-same' };
    const first = await ada.files.upload(file, options).done;
    expect((await ada.files.upload(file, options).done).fileId).toBe(first.fileId);
  });

  it('that are not what their type says arrive as bytes of no type', async () => {
    const ada = await clients.person('Ada');
    const notAPicture = ada.files.upload(new Blob(['text'], { type: 'image/png' }), { name: 'x.png' });
    expect(await notAPicture.done).toMatchObject({ name: 'x.png', contentType: 'application/octet-stream' });
  });

  it('that are refused say why', async () => {
    const ada = await clients.person('Ada');
    const nothing = ada.files.upload(new Blob([]), { name: 'empty.txt' });
    expect(await refusal(nothing.done)).toMatchObject({ code: 'request.invalid', retryable: false });
    expect(await refusal(ada.files.url('01a1fd9d-0000-7160-bcdb-300a5c57c9e3'))).toMatchObject({
      code: 'file.not_found',
    });
  });
});
