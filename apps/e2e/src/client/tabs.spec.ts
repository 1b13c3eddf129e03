import { randomUUID } from 'node:crypto';
import { memoryStorage, type ParleyClient } from '@parley/client';
import { eventually, never } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { administrator } from '../support/people.js';
import { useStandalone } from '../support/use-server.js';
import { online, useClients } from './support/clients.js';

describe.skipIf((globalThis.navigator as { locks?: unknown } | undefined)?.locks === undefined)(
  'tabs of the SDK',
  () => {
    const server = useStandalone('client-tabs');
    const clients = useClients(() => server.current.url);

    /** Tabs of one browser: one storage, the locks and channels of this process. */
    async function tabs(count: number): Promise<ParleyClient[]> {
      const shared = { storage: memoryStorage(), namespace: randomUUID(), tabs: 'shared' } as const;
      const first = await clients.person('Ada', shared);
      const others = Array.from({ length: count - 1 }, () => clients.open(shared));
      await Promise.all(others.map(online));
      return [first, ...others];
    }

    async function sockets(): Promise<number> {
      const admin = await administrator(server.current);
      return (await admin.api.get<{ sockets: number }>('/admin/system')).sockets;
    }

    it('share one socket: what comes in reaches all, and each may ask', async () => {
      const before = await sockets();
      const all = await tabs(3);
      expect(await sockets()).toBe(before + 1);
      const seen = all.map((client) => {
        const events: string[] = [];
        client.on('conversation:events', ({ events: some }) => events.push(...some.map(({ type }) => type)));
        return events;
      });
      const { conversationId } = await (all[1] as ParleyClient).call('POST /conversations', {
        body: { kind: 'group', title: 'Tabs' },
      });
      for (const client of all)
        await client.command('message:send', {
          conversationId,
          clientMsgId: randomUUID(),
          type: 'text',
          content: { text: 'x' },
        });
      await eventually('all events on all tabs', () =>
        seen.every((events) => events.filter((type) => type === 'message.created').length === 3),
      );
    });

    it('go on when the leading one is closed', async () => {
      const before = await sockets();
      const [first, second, third] = (await tabs(3)) as [ParleyClient, ParleyClient, ParleyClient];
      const { conversationId } = await first.call('POST /conversations', { body: { kind: 'group', title: 'Tabs' } });
      await first.close();
      await eventually('one socket again', async () => (await sockets()) === before + 1);
      await Promise.all([online(second), online(third)]);
      for (const client of [second, third])
        await eventually('an answer', () =>
          client.command('message:send', {
            conversationId,
            clientMsgId: randomUUID(),
            type: 'text',
            content: { text: 'y' },
          }),
        );
      await never('a second socket', () => second.connection.value.status === 'idle');
    });

    it('sign out together', async () => {
      const all = await tabs(3);
      await (all[2] as ParleyClient).session.logout();
      await eventually('all are signed out', () => all.every(({ session }) => session.value.status === 'signed-out'));
      expect(all.map(({ session }) => session.value)).toEqual(
        Array(3).fill({ status: 'signed-out', reason: 'logout' }),
      );
    });

    it('watch people together, and one tab alone when the others are gone', async () => {
      const [first, second] = (await tabs(2)) as [ParleyClient, ParleyClient];
      const bob = await clients.person('Bob');
      const { userId: bobId } = await bob.call('GET /users/me', {});
      const { userId: adaId } = await first.call('GET /users/me', {});
      await bob.contacts.request(adaId);
      await first.contacts.open();
      await eventually('the request', () => first.contacts.incoming.value.length === 1);
      await first.contacts.accept(first.contacts.incoming.value[0]?.requestId ?? '');
      expect(first.contacts.value).toMatchObject([{ userId: bobId }]);
      const presence = second.presence.of(bobId);
      presence.subscribe(() => undefined);
      await eventually('Bob is online', () => presence.value?.online === true);
      await first.close();
      await bob.close();
      await eventually('Bob is gone', () => presence.value?.online === false, { deadlineMs: 40_000 });
    });
  },
);
