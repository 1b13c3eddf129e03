import type { EventLog } from '@parley/contracts';
import { messageEventsV1 } from '@parley/contracts/rpc';
import { describe, expect, it, vi } from 'vitest';
import type { AppendedRange } from './appended.js';
import { MessageRelay } from './message-relay.js';

describe('MessageRelay', () => {
  it('finds what waits behind more published commits than one sweep reads', async () => {
    const outbox = new Set<number>();
    const runner = {
      async commit(_changes: unknown, published: readonly number[]) {
        for (const id of published) outbox.delete(id);
        return { outcomes: [], appended: [], outboxId: 0 };
      },
      unpublished: async (limit: number) =>
        [...outbox].slice(0, limit).map((outboxId) => ({ outboxId, appended: [rangeOf(outboxId)] })),
    };
    let isDown = false;
    const keys: string[] = [];
    const log = {
      async publishBatch(records: readonly { key: string }[]) {
        if (isDown) throw new Error('the event log is down');
        keys.push(...records.map(({ key }) => key));
      },
    } as unknown as EventLog;
    const relay = new MessageRelay(runner, log);
    const publish = (id: number) => {
      outbox.add(id);
      relay.publish(id, [rangeOf(id)]);
    };
    relay.start();
    await vi.waitFor(() => expect((relay as unknown as { behind: boolean }).behind).toBe(false));
    for (let id = 1; id <= 250; id += 1) publish(id);
    await vi.waitFor(() => expect(keys).toContain('c250'));
    isDown = true;
    publish(251);
    await vi.waitFor(() => expect((relay as unknown as { behind: boolean }).behind).toBe(true));
    isDown = false;
    await vi.waitFor(() => expect(keys).toContain('c251'));
    await relay.stop();
  });

  it('is not blocked for ever by a commit that is larger than the event log takes in one record', async () => {
    const MAX_RECORD_BYTES = 8 * 1024 * 1024;
    const outbox = new Map<number, AppendedRange>();
    const runner = {
      async commit(_changes: unknown, published: readonly number[]) {
        for (const id of published) outbox.delete(id);
        return { outcomes: [], appended: [], outboxId: 0 };
      },
      unpublished: async () => [...outbox].map(([outboxId, range]) => ({ outboxId, appended: [range] })),
    };
    const records: messageEventsV1.Appended[] = [];
    const log = {
      async publishBatch(batch: readonly { value: Uint8Array }[]) {
        if (batch.some(({ value }) => value.length > MAX_RECORD_BYTES)) throw new Error('too large');
        records.push(...batch.map(({ value }) => messageEventsV1.Appended.decode(value)));
      },
    } as unknown as EventLog;
    const data = (n: number) =>
      n === 300
        ? { type: 'member.joined', dataJson: '{"members":[{"userId":"bob"}]}' }
        : { type: 'message.created', dataJson: JSON.stringify({ content: { text: '龍'.repeat(16_000) } }) };
    const events = Array.from({ length: 600 }, (_, n) => ({
      seq: n + 1,
      at: 1,
      actorId: 'ann',
      subjectSeq: 0,
      ...data(n),
    }));
    outbox.set(1, { ...rangeOf(1), events, joinedUserIds: ['bob'] });
    outbox.set(2, rangeOf(2));
    const relay = new MessageRelay(runner, log);
    relay.start();
    await vi.waitFor(() => expect(records.at(-1)?.conversationId).toBe('c2'));
    expect(records.flatMap((record) => record.events.map(({ seq }) => seq))).toEqual(events.map(({ seq }) => seq));
    const joining = records.filter((record) => record.joinedUserIds.length > 0);
    expect(joining.map((record) => record.events.some(({ seq }) => seq === 301))).toEqual([true]);
    await vi.waitFor(() => expect(outbox.size).toBe(0));
    await relay.stop();
  });
});

const rangeOf = (id: number) => ({
  conversationId: `c${id}`,
  epoch: 'e',
  memberCount: 1,
  events: [],
  joinedUserIds: [],
  goneUserIds: [],
});
