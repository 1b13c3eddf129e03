import { InProcessBus } from '@parley/adapter-in-process';
import type { fileV1, messageV1 } from '@parley/contracts/rpc';
import type { SendInput } from '@parley/contracts';
import { DomainError, type Principal } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { MessageSender } from './message-sender.js';

const ann = { userId: 'ann', sessionId: 's1', deviceId: 'd1', roles: ['user'] } as unknown as Principal;
const text = (clientMsgId: string): SendInput => ({
  conversationId: 'c',
  clientMsgId,
  type: 'text',
  content: { text: clientMsgId },
});
const image = (clientMsgId: string, fileId = 'f'): SendInput => ({
  conversationId: 'c',
  clientMsgId,
  type: 'image',
  content: { fileId, width: 1, height: 1 },
});

describe('MessageSender', () => {
  let calls: string[][];
  let attach: (request: fileV1.AttachFileRequest) => Promise<unknown>;
  let sender: MessageSender;

  beforeEach(() => {
    calls = [];
    attach = async () => ({});
    const bus = new InProcessBus();
    bus.bind('MessageService/AppendBatch', async (request) => {
      const { sends } = request as messageV1.AppendBatchRequest;
      calls.push(sends.map((send) => send.clientMsgId));
      return {
        results: sends.map((send, i) =>
          send.clientMsgId === 'bad'
            ? { failure: { code: 'message.muted', kind: 'forbidden', message: '', errors: [], retryAfterMs: 0 } }
            : { sent: { messageId: `m-${send.clientMsgId}`, seq: i + 1, sentAt: 0, repeated: false } },
        ),
      };
    });
    bus.bind('FileService/AttachFile', (request) => attach(request as fileV1.AttachFileRequest));
    sender = new MessageSender(bus);
  });

  it('gathers what comes together, in order, and answers each send by itself', async () => {
    const answers = await Promise.allSettled(
      [text('a'), text('bad'), text('c')].map((input) => sender.send(ann, input)),
    );
    expect(calls).toEqual([['a', 'bad', 'c']]);
    expect(answers[0]).toMatchObject({
      status: 'fulfilled',
      value: { messageId: 'm-a', sentAt: '1970-01-01T00:00:00.000Z' },
    });
    expect(answers[1]).toMatchObject({ status: 'rejected', reason: { code: 'message.muted' } });
    expect(sender.depth).toBe(0);
  });

  it('keeps the order of one session when a file has to be attached first', async () => {
    let release = () => undefined as void;
    attach = () => new Promise((resolve) => (release = () => resolve({})));
    const sent = [sender.send(ann, image('picture')), sender.send(ann, text('after'))];
    const other = sender.send({ ...ann, sessionId: 's2' } as Principal, text('other session'));
    await other;
    expect(calls.flat()).toEqual(['other session']);
    release();
    await Promise.all(sent);
    expect(calls.flat()).toEqual(['other session', 'picture', 'after']);
  });

  it('refuses a message whose file may not be attached, and sends the next', async () => {
    attach = () => Promise.reject(new DomainError('file.not_found', 'not_found'));
    const [first, second] = await Promise.allSettled([
      sender.send(ann, image('picture')),
      sender.send(ann, text('after')),
    ]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'file.not_found' } });
    expect(second).toMatchObject({ status: 'fulfilled' });
  });
});
