import { InProcessBus } from '@parley/adapter-in-process';
import { call as callSchema, file as fileSchema, multipartTicket, uploadTicket } from '@parley/contracts';
import type { callV1, fileV1 } from '@parley/contracts/rpc';
import type { Principal } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { CallsController } from './http/calls.controller.js';
import { FilesController } from './http/files.controller.js';
import { CallCommands } from './ws/commands/calls.commands.js';
import type { GatewaySession } from './ws/command.js';

const ann = { userId: 'ann', sessionId: 's1', deviceId: 'd1', roles: ['user'] } as unknown as Principal;
const AT = Date.UTC(2026, 0, 1);
const actor = { actorId: 'ann', deviceId: 'd1', sessionId: 's1' };

let bus: InProcessBus;
let asked: Record<string, unknown>;
const answers = (method: string, answer: unknown) =>
  bus.bind(method, async (request) => {
    asked = { ...(request as Record<string, unknown>) };
    return answer;
  });
beforeEach(() => {
  bus = new InProcessBus();
});
// A controller sees nothing of a call but these parts.
const asCall = (parts: Record<string, unknown>) =>
  ({ caller: ann, params: {}, query: {}, body: undefined, idempotencyKey: '', request, ...parts }) as never;
const request = { protocol: 'https', host: 'chat.example.org:8443' };

describe('the file area over REST', () => {
  const wire: fileV1.File = {
    ...{ fileId: 'f1', ownerId: 'ann', name: 'a.png', size: 5, contentType: 'image/png', sha256: '' },
    ...{ state: 'pending', createdAt: AT, width: 0, height: 0, blurhash: '' },
  };
  const headers = [{ name: 'content-type', value: 'image/png' }];

  it('announces a file as its owner, whatever the body says', async () => {
    const upload = { method: 'PUT', url: 'http://x/objects/f1', headers, expiresAt: AT };
    answers('FileService/CreateUpload', { file: wire, upload });
    const body = { name: 'a.png', size: 5, contentType: 'image/png' };
    const answer = await new FilesController(bus).create(asCall({ body, idempotencyKey: 'k' }));
    expect(asked).toEqual({ actorId: 'ann', ...body, sha256: '', conversationId: '', idempotencyKey: 'k' });
    expect(uploadTicket.parse(answer.upload).headers).toEqual({ 'content-type': 'image/png' });
    expect(fileSchema.parse(answer.file)).not.toHaveProperty('sha256');
  });

  it('announces a large file in parts', async () => {
    const request = (number: number) => ({ method: 'PUT', url: `http://x/${number}`, headers: [], expiresAt: AT });
    const parts = [2, 3].map((number) => ({ number, size: 4, request: request(number) }));
    answers('FileService/CreateUpload', { file: wire, multipart: { partSize: 5, parts, uploaded: [1] } });
    const body = { name: 'a.png', size: 14, contentType: 'image/png' };
    const answer = await new FilesController(bus).create(asCall({ body }));
    expect(answer).not.toHaveProperty('upload');
    expect(multipartTicket.parse(answer.multipart)).toEqual({
      partSize: 5,
      parts: [2, 3].map((number) => ({
        ...{ number, size: 4, method: 'PUT', url: `http://x/${number}`, headers: {} },
        expiresAt: new Date(AT).toISOString(),
      })),
      uploaded: [1],
    });
  });

  it('shows what checking found out', async () => {
    const ready = { ...wire, state: 'ready', sha256: 'ab'.repeat(32), width: 3, height: 4 };
    answers('FileService/CompleteUpload', { file: ready });
    answers('FileService/GetFile', { file: ready });
    const files = new FilesController(bus);
    for (const each of [files.complete, files.get]) {
      const answer = await each.call(files, asCall({ params: { fileId: 'f1' } }));
      expect(fileSchema.parse(answer)).toMatchObject({ state: 'ready', width: 3, height: 4 });
      expect(asked).toEqual({ actorId: 'ann', fileId: 'f1' });
    }
  });

  it('answers links of the embedded store under the name that the client asked by', async () => {
    answers('FileService/CreateThumbnail', { url: '/objects/f1?sig=x', expiresAt: AT });
    const ask = (more: object) =>
      new FilesController(bus).thumbnail(
        asCall({ params: { fileId: 'f1' }, query: { size: 160, as: 'json' }, ...more }),
      );
    expect(await ask({})).toMatchObject({ url: 'https://chat.example.org:8443/objects/f1?sig=x' });
    expect(asked).toEqual({ actorId: 'ann', fileId: 'f1', size: 160 });
    for (const host of ['', 'a/b', 'a b', undefined])
      expect(await ask({ request: { protocol: 'http', host } })).toMatchObject({ url: '/objects/f1?sig=x' });
  });

  it('redirects to a download, or answers where it is', async () => {
    answers('FileService/CreateDownload', { url: 'http://x/objects/f1?sig=1', expiresAt: AT });
    const files = new FilesController(bus);
    const redirect = (await files.download(asCall({ params: { fileId: 'f1' } }))) as Response;
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, 'http://x/objects/f1?sig=1']);
    expect(redirect.headers.get('cache-control')).toContain('no-store');
    const asJson = await files.download(asCall({ params: { fileId: 'f1' }, query: { as: 'json' } }));
    expect(asJson).toEqual({ url: 'http://x/objects/f1?sig=1', expiresAt: new Date(AT).toISOString() });
  });

  it('deletes', async () => {
    answers('FileService/DeleteFile', {});
    await new FilesController(bus).remove(asCall({ params: { fileId: 'f1' } }));
    expect(asked).toEqual({ actorId: 'ann', fileId: 'f1' });
  });
});

describe('the call area', () => {
  const call = {
    ...{ callId: 'c1', conversationId: 'c', callerId: 'ann', media: ['audio'], state: 'ringing', participants: [] },
    ...{ createdAt: new Date(AT).toISOString(), version: 1 },
  };
  const wire: callV1.Call = { callId: 'c1', json: JSON.stringify(call) };
  const session = { principal: ann } as GatewaySession;
  const send = (event: string, input: unknown) => {
    const found = new CallCommands(bus).commands.find(({ definition }) => definition.event === event);
    return found?.handle(session, input as never);
  };

  it('reads calls over REST', async () => {
    answers('CallService/ListCalls', { calls: [wire], nextCursor: 'c1' });
    const calls = new CallsController(bus);
    const query = { active: true, limit: 1 };
    expect(await calls.list(asCall({ query }))).toEqual({ items: [call], nextCursor: 'c1' });
    expect(asked).toEqual({ actorId: 'ann', activeOnly: true, page: { cursor: '', limit: 1 } });
    answers('CallService/ListCalls', { calls: [], nextCursor: '' });
    expect(await calls.list(asCall({}))).toEqual({ items: [] });
    answers('CallService/GetCall', { call: wire });
    expect(callSchema.parse(await calls.get(asCall({ params: { callId: 'c1' } })))).toEqual(call);
  });

  it('gives out ICE servers, with credentials only where there are any', async () => {
    const stun = { urls: ['stun:a'], username: '', credential: '' };
    const turn = { urls: ['turn:b'], username: '1:ann', credential: 'x' };
    answers('CallService/GetIceServers', { iceServers: [stun, turn], ttlSeconds: 60 });
    const answer = await new CallsController(bus).iceServers(asCall({}));
    expect(answer).toEqual({ iceServers: [{ urls: ['stun:a'] }, turn], ttlSeconds: 60 });
    expect(asked).toEqual({ actorId: 'ann' });
  });

  it('invites and acts as the device of the socket', async () => {
    answers('CallService/Invite', { call: wire });
    expect(await send('call:invite', { conversationId: 'c', media: ['audio'] })).toEqual({ call });
    expect(asked).toEqual({ ...actor, conversationId: 'c', calleeIds: [], media: ['audio'], idempotencyKey: '' });
    answers('CallService/Act', { call: wire });
    for (const action of ['ringing', 'accept', 'reject', 'cancel', 'hangup']) {
      expect(await send(`call:${action}`, { callId: 'c1' })).toEqual({ call });
      expect(asked).toEqual({ ...actor, callId: 'c1', action, reason: '' });
    }
  });

  it('passes signals on as they came', async () => {
    answers('CallService/Signal', {});
    const signal = { callId: 'c1', toUserId: 'bob', kind: 'offer' };
    expect(await send('call:signal', { ...signal, data: { sdp: 'v=0\r\n' } })).toEqual({});
    expect(asked).toEqual({ ...actor, ...signal, toDeviceId: '', dataJson: '{"sdp":"v=0\\r\\n"}' });
  });
});
