import type { EventLog } from '@parley/contracts';
import { describe, expect, it, vi } from 'vitest';
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
});

const rangeOf = (id: number) => ({
  conversationId: `c${id}`,
  epoch: 'e',
  memberCount: 1,
  events: [],
  joinedUserIds: [],
  goneUserIds: [],
});
