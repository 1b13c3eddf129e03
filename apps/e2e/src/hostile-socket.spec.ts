import { eventually } from '@parley/testing';
import { ERROR_CODES } from '@parley/contracts';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Device, newId } from './support/device.js';
import { type Person, people } from './support/people.js';
import { RawWire } from './support/raw-wire.js';
import { useServer } from './support/use-server.js';

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('a hostile client on the socket', () => {
  const server = useServer('hostile-socket');
  let alice: Person;
  let bob: Person;
  let conversationId: string;
  let innocent: { alice: Device; bob: Device };
  let pid: number;

  beforeAll(async () => {
    [alice, bob] = (await people(server.current, 'alice', 'bob')) as [Person, Person];
    conversationId = await alice.directWith(bob);
    innocent = { alice: await alice.connect(), bob: await bob.connect() };
    pid = server.current.pid;
  });

  // Whatever happened: the same process lives, and others talk on over the sockets they had.
  afterEach(async () => {
    expect(server.current.isRunning && server.current.pid).toBe(pid);
    const sent = await innocent.alice.sendText(conversationId, 'still here');
    await innocent.bob.hasSeq(conversationId, sent.seq);
    expect(innocent.bob.wrong).toEqual([]);
  });

  const wire = () => RawWire.connected(server.current.url, alice.token);
  const sendJson = (content: string, more = '') =>
    `["message:send",{"conversationId":"${conversationId}","clientMsgId":"${newId()}","type":"text","content":${content}${more}}]`;

  /** Sends event packets with ack ids; each has to be answered by one of the documented errors, or end the connection. */
  async function refusedOrClosed(packets: string[]): Promise<void> {
    for (const packet of packets) {
      const raw = await wire();
      raw.send(`427${packet}`);
      await eventually(`an end of ${packet.slice(0, 80)}`, () => raw.isClosed || raw.ack(7), { deadlineMs: 3000 });
      const ack = raw.ack(7);
      if (ack) {
        const [answer] = JSON.parse(ack.slice(3)) as [{ ok: boolean; error: { code: string } }];
        expect(answer.ok, packet.slice(0, 80)).toBe(false);
        expect(ERROR_CODES, packet.slice(0, 80)).toHaveProperty([answer.error.code]);
        expect(answer.error.code, packet.slice(0, 80)).not.toBe('server.internal');
      }
      raw.close();
    }
  }

  it('wrong types, unknown fields and unknown events are refused by name', async () => {
    await refusedOrClosed([
      '["message:send"]',
      '["message:send",null]',
      '["message:send",7]',
      '["message:send","text"]',
      '["message:send",[]]',
      '["message:send",{}]',
      '["message:send",{},{},{}]',
      `["message:send",{"conversationId":{"a":1},"clientMsgId":["x"],"type":"text","content":{"text":"x"}}]`,
      sendJson('{"text":7}'),
      sendJson('{"text":["x"]}'),
      sendJson('{"text":""}'),
      sendJson('null'),
      sendJson('{"text":"x","html":"<b>"}'),
      sendJson('{"text":"x"}', ',"senderId":"somebody"'),
      sendJson('{"text":"x"}').replace('"type":"text"', '"type":"system"'),
      '["no:such:event",{}]',
      '["connect",{}]',
      '["disconnect",{}]',
      '["error",{}]',
      '["disconnecting",{}]',
      '["newListener",{}]',
      '[7,{}]',
      '[{"event":"message:send"},{}]',
      '[null]',
      '["",{}]',
      '["sync",{"heads":{"length":100000}}]',
      `["sync",{"heads":[{"conversationId":"${conversationId}","seq":-1,"epoch":""}]}]`,
      '["sync",{"limit":1e308}]',
      `["cursor:read",{"conversationId":"${conversationId}","seq":9007199254740993}]`,
      `["cursor:read",{"conversationId":"${conversationId}","seq":1.5}]`,
      `["cursor:read",{"conversationId":"${conversationId}","seq":"1"}]`,
      '["call:signal",{}]',
      '["token:refresh",{"token":{}}]',
    ]);
  });

  it('prototype keys reach nothing', async () => {
    const custom = (data: string) =>
      sendJson(`{"kind":"x","data":${data}}`).replace('"type":"text"', '"type":"custom"');
    await refusedOrClosed([
      '["__proto__",{}]',
      '["constructor",{}]',
      '["hasOwnProperty",{}]',
      '["toString",{}]',
      '["message:send",{"__proto__":{"type":"text"}}]',
      sendJson('{"text":"x","__proto__":{"admin":true}}'),
      sendJson('{"text":"x"}', ',"__proto__":{"role":"owner"}'),
      sendJson('{"text":"x"}').replace('"type":"text"', '"type":"__proto__"'),
      sendJson('{"text":"x"}').replace('"type":"text"', '"type":"constructor"'),
      custom('{"a":{"__proto__":{"polluted":true}}}'),
    ]);
    const me = await alice.api.get('/users/me');
    expect(me).not.toHaveProperty('polluted');
    expect(me).not.toHaveProperty('admin');
  });

  it('deep JSON, lone surrogates and text beyond 16 KiB are refused', async () => {
    const custom = (data: string) =>
      sendJson(`{"kind":"x","data":${data}}`).replace('"type":"text"', '"type":"custom"');
    await refusedOrClosed([
      custom(deep(18)),
      custom(deep(5000)),
      custom(deep(30_000)),
      `["message:send",${deep(30_000)}]`,
      `["call:signal",{"callId":"x","toUserId":"y","kind":"offer","data":${deep(30_000)}}]`,
      sendJson('{"text":"\\ud83d alone"}'),
      sendJson('{"text":"\\udc00\\ud800"}'),
      custom('"\\ud800"'),
      custom('{"\\udfff":1}'),
    ]);
    for (const text of ['x'.repeat(16 * 1024 + 1), 'ü'.repeat(8 * 1024 + 1), '𝒳'.repeat(4097)]) {
      const payload = { conversationId, clientMsgId: newId(), type: 'text', content: { text } };
      expect((await innocent.alice.refusal('message:send', payload)).code).toBe('limit.size');
    }
    await innocent.alice.sendText(conversationId, 'ü'.repeat(8 * 1024));
  });

  it('malformed packets end their own connection at most', async () => {
    const packets = [
      '',
      '9',
      '4',
      '42',
      '42{',
      '42[',
      '42[]',
      '42["message:send"',
      '42"message:send"',
      '42undefined',
      '4212345678901234567890[]',
      '42-1["x"]',
      '421.5["x"]',
      '42/',
      '42/,',
      '42/nowhere,["x"]',
      '43',
      '431[]',
      '43999999[{}]',
      '439["x"]',
      '44{}',
      '45',
      '46',
      '47',
      '4x',
      '40',
      '40{',
      '40[]',
      '40"x"',
      '40/nowhere,{}',
      '41',
      '6',
      '5',
      '2probe',
      '1',
      '0{"sid":"mine"}',
      'b',
      'bAAAA',
      '\u0000',
      '🙂',
    ];
    for (const packet of packets) {
      const raw = await wire();
      raw.send(packet);
      raw.send('428["no:such:event",{}]');
      await eventually(`an end of "${packet}"`, () => raw.isClosed || raw.ack(8), { deadlineMs: 3000 });
      raw.close();
    }
    const raw = await wire();
    raw.sendBytesAsText(Buffer.from([0x34, 0x32, 0xff, 0xfe, 0xc0, 0x80]));
    await eventually('a close on bytes that are no UTF-8', () => raw.isClosed);
  });

  it('binary attachments are bounded', async () => {
    for (const header of ['451-', '4510-', '45999-', '451000000-', '4599999999999999999999-', '45-1-', '451e9-']) {
      const raw = await wire();
      raw.send(`${header}["message:send",{"_placeholder":true,"num":0}]`);
      for (let n = 0; n < 200 && !raw.isClosed; n++) raw.send(Buffer.alloc(1024, n));
      await eventually(`an end of ${header}`, () => raw.isClosed, { deadlineMs: 3000 });
    }
    const raw = await wire();
    raw.send(Buffer.from('an attachment that nobody announced'));
    await eventually('a close on a stray attachment', () => raw.isClosed, { deadlineMs: 3000 });
  });

  it('a packet beyond 64 KiB closes the connection, a token of a megabyte does not get in', async () => {
    const big = await wire();
    big.send(`42["message:send",{"text":"${'x'.repeat(70 * 1024)}"}]`);
    await eventually('a close on a big packet', () => big.isClosed);
    const raw = await RawWire.open(server.current.url);
    raw.send(`40${JSON.stringify({ token: 'x'.repeat(1024 * 1024) })}`);
    await eventually('a close on a big token', () => raw.isClosed);
    for (const auth of [
      '{"token":{"toString":"x"}}',
      '{"token":["x"]}',
      '{"token":7}',
      '{}',
      'null',
      '"x"',
      '{"token":"x","__proto__":{}}',
    ]) {
      const one = await RawWire.open(server.current.url);
      one.send(`40${auth}`);
      await eventually(
        `a refusal of ${auth}`,
        () => one.isClosed || one.frames.some((frame) => frame.startsWith('44')),
      );
      expect(one.frames.some((frame) => frame.startsWith('40'))).toBe(false);
      one.close();
    }
  });

  it('wrong transports, versions and session ids are refused before anything is opened', async () => {
    const { url } = server.current;
    for (const query of [
      'EIO=4&transport=carrier-pigeon',
      'EIO=4&transport=__proto__',
      'EIO=4&transport=polling&sid=nobody',
      'EIO=4&transport=constructor',
      '',
    ])
      expect((await fetch(`${url}/socket.io/?${query}`)).status, query).toBe(400);
    const post = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, { method: 'POST', body: '42["x"]' });
    expect(post.status).toBe(400);
    for (const path of ['/socket.io/?EIO=4&transport=websocket&sid=nobody', '/socket.io/?EIO=4&transport=abc'])
      expect((await RawWire.open(url, path)).isClosed, path).toBe(true);
  });

  it('a reader that never reads is cut off before it costs the server much', async () => {
    const raw = await RawWire.connected(server.current.url, bob.token);
    raw.pause();
    const text = 'x'.repeat(16 * 1024);
    // More than the kernel's buffers and the queue of one socket can hold.
    for (let n = 0; n < 50; n++)
      await Promise.all(Array.from({ length: 60 }, () => innocent.alice.sendText(conversationId, text)));
    raw.resume();
    await eventually('the end of the connection', () => raw.isClosed);
  });

  it('a client that sends and never waits does not hold the others up', async () => {
    const raws = await Promise.all(Array.from({ length: 20 }, wire));
    for (const raw of raws) for (let n = 0; n < 300; n++) raw.send('429["sync",{}]');
    const sent = await innocent.alice.sendText(conversationId, 'among the noise');
    await innocent.bob.hasSeq(conversationId, sent.seq);
    for (const raw of raws) raw.close();
  });
});
