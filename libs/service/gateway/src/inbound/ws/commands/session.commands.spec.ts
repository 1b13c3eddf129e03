import { InProcessBus } from '@parley/adapter-in-process';
import { commands } from '@parley/contracts';
import { SessionRegistry } from '@parley/core-gateway';
import { describe, expect, it } from 'vitest';
import type { GatewaySession } from '../command.js';
import { SessionCommands } from './session.commands.js';

describe('conversation:subscribe', () => {
  const principal = { userId: 'ann', sessionId: 's', deviceId: 'd', roles: [] };
  const link = { principal, send() {}, close() {} };
  const session = { principal, link, address: '' } as unknown as GatewaySession;

  it('does not leave a member subscribed who is removed while the subscription is made', async () => {
    const registry = new SessionRegistry();
    registry.add(link as never);
    const members = [[{ userId: 'ann' }], []];
    const bus = new InProcessBus();
    bus.bind('MessageService/CheckMembers', async () => ({ members: members.shift() }));
    const unsubscribed: string[] = [];
    const presence = { subscribed: async () => {}, unsubscribed: (id: string) => unsubscribed.push(id) };
    const group = new SessionCommands(bus, {} as never, {} as never, registry, presence as never);
    const { handle } = group.commands.find(({ definition }) => definition === commands.message.subscribe)!;
    await expect(handle(session, { conversationId: 'c' } as never)).rejects.toMatchObject({
      code: 'conversation.not_found',
    });
    expect(registry.subscribedConversations()).toEqual([]);
    expect(unsubscribed).toEqual(['c']);
  });
});
