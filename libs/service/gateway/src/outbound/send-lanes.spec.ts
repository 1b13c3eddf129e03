import { type CallOptions, type messageV1, RpcClients } from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';
import { eventually } from '@parley/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { SendLanes } from './send-lanes.js';

const send = (conversationId: string, clientMsgId: string): messageV1.Send => ({
  senderId: 'ann',
  deviceId: 'd',
  conversationId,
  clientMsgId,
  type: 'text',
  contentJson: '{}',
  replyTo: '',
  mentions: [],
});

interface Batch {
  prefer: string | undefined;
  ids: string[];
  end(error?: Error): void;
}

/** A message service of which every call waits until the test ends it. */
class Message extends RpcClients {
  readonly batches: Batch[] = [];
  routes: Record<string, string | undefined> = {};

  of(): never {
    const appendBatch = ({ sends }: messageV1.AppendBatchRequest, options: CallOptions = {}) =>
      new Promise((resolve, reject) => {
        this.batches.push({
          prefer: options.prefer,
          ids: sends.map(({ clientMsgId }) => clientMsgId),
          end: (error) =>
            error === undefined
              ? resolve({ results: sends.map(({ clientMsgId }) => ({ sent: { messageId: clientMsgId } })) })
              : reject(error),
        });
      });
    return { appendBatch } as never;
  }

  override route(_service: unknown, key: string): string | undefined {
    return this.routes[key];
  }
}

describe('lanes to the instances of the message service', () => {
  let message: Message;
  let lanes: SendLanes;
  const batch = (at: number) => eventually(`batch ${at}`, () => message.batches[at]);

  beforeEach(() => {
    message = new Message();
    lanes = new SendLanes(message);
  });

  it('sends what belongs to different instances at once, each batch to its own', async () => {
    message.routes = { a: 'm-1', b: 'm-2', c: 'm-1' };
    const sent = [lanes.add(send('a', '1')), lanes.add(send('b', '2')), lanes.add(send('c', '3'))];
    await batch(1);
    expect(message.batches.map(({ prefer, ids }) => [prefer, ids])).toEqual([
      ['m-1', ['1', '3']],
      ['m-2', ['2']],
    ]);
    for (const { end } of message.batches) end();
    expect((await Promise.all(sent)).map(({ messageId }) => messageId)).toEqual(['1', '2', '3']);
    expect(lanes.depth).toBe(0);
  });

  it('keeps a conversation on its lane while it has sends under way, when its instance changes', async () => {
    message.routes = { a: 'm-1' };
    const first = lanes.add(send('a', '1'));
    const { end } = await batch(0);
    message.routes = { a: 'm-2', b: 'm-2' };
    const later = [lanes.add(send('a', '2')), lanes.add(send('b', '3'))];
    (await batch(1)).end();
    expect(message.batches[1]?.ids).toEqual(['3']);
    end();
    await first;
    (await batch(2)).end();
    expect(message.batches[2]).toMatchObject({ prefer: 'm-1', ids: ['2'] });
    await Promise.all(later);
    const last = lanes.add(send('a', '4'));
    (await batch(3)).end();
    await last;
    expect(message.batches[3]).toMatchObject({ prefer: 'm-2', ids: ['4'] });
  });

  it('is one lane to whoever it is while there is one instance', async () => {
    const sent = [lanes.add(send('a', '1')), lanes.add(send('b', '2'))];
    (await batch(0)).end();
    await Promise.all(sent);
    expect(message.batches.map(({ prefer, ids }) => [prefer, ids])).toEqual([[undefined, ['1', '2']]]);
  });

  it('fails the sends of a batch that could not be made, and goes on', async () => {
    const lost = lanes.add(send('a', '1'));
    (await batch(0)).end(new DomainError('server.unavailable', 'unavailable'));
    await expect(lost).rejects.toMatchObject({ code: 'server.unavailable' });
    const next = lanes.add(send('a', '2'));
    (await batch(1)).end();
    expect((await next).messageId).toBe('2');
  });
});
