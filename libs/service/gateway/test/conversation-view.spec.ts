import { conversation, room } from '@parley/contracts';
import type { conversationV1, identityV1, messageV1 } from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { ConversationView, roomView } from '../src/composition/conversation-view.js';
import { AnsweringClients } from './answering-clients.js';
import { sampleConversation as wire, sampleState as state } from './samples.js';

describe('the composed conversation', () => {
  let known: conversationV1.Conversation[];
  let identityDown: boolean;
  let states: messageV1.ConversationState[];
  let view: ConversationView;

  beforeEach(() => {
    known = [];
    states = [];
    identityDown = false;
    view = new ConversationView(
      new AnsweringClients({
        'ConversationService/getConversations': async (request: conversationV1.GetConversationsRequest) => ({
          conversations: known.filter(({ conversationId }) => request.conversationIds.includes(conversationId)),
        }),
        'MessageService/getConversations': async () => ({ conversations: states }),
        'IdentityService/getUsers': async ({ userIds }: identityV1.GetUsersRequest) => {
          if (identityDown) throw new DomainError('server.unavailable', 'unavailable');
          return {
            users: userIds.map((userId) => ({
              userId,
              displayName: `Name of ${userId}`,
              avatarFileId: 'f',
              kind: 'guest',
            })),
          };
        },
      }),
    );
  });

  it('has the documented form, in the order of the states', async () => {
    const last = JSON.stringify({
      messageId: 'm',
      conversationId: 'b',
      seq: 7,
      changedSeq: 7,
      clientMsgId: 'c',
      senderId: 'ann',
      type: 'text',
      content: { text: 'hi' },
      sentAt: '2025-01-01T00:00:00.000Z',
    });
    known = [
      wire('a', { announcement: { text: 'read', authorId: 'ann', updatedAt: 3000 }, avatarFileId: 'f9' }),
      wire('b', { kind: 'direct', ownerId: '', peerId: 'bob', title: '', memberCount: 2 }),
    ];
    const views = await view.views('ann', [
      state('b', {
        kind: 'direct',
        lastMessage: { seq: 7, json: last },
        mutedUntil: 9000,
        cursors: [{ userId: 'bob', deliveredSeq: 4, readSeq: 3 }],
      }),
      state('a'),
      state('unknown'),
    ]);
    expect(views.map((each) => conversation.parse(each))).toEqual(views);
    expect(views).toMatchObject([
      {
        conversationId: 'b',
        peer: { userId: 'bob', displayName: 'Name of bob', avatarFileId: 'f', kind: 'guest' },
        lastMessage: { content: { text: 'hi' } },
        mutedUntil: '1970-01-01T00:00:09.000Z',
        cursors: [{ userId: 'bob', readSeq: 3 }],
      },
      {
        conversationId: 'a',
        headSeq: 7,
        unreadCount: 2,
        role: 'member',
        settings: { muted: true },
        avatarFileId: 'f9',
        announcement: { text: 'read', updatedAt: '1970-01-01T00:00:03.000Z' },
        tier: { name: 'small' },
      },
    ]);
    expect(views[1]).not.toHaveProperty('peer');
    expect(views[0]).not.toHaveProperty('ownerId');
  });

  it('reduces by the number of members', async () => {
    known = [wire('a', { memberCount: 201 }), wire('b', { memberCount: 2001 })];
    const views = await view.views('ann', [state('a'), state('b')]);
    expect(views.map(({ tier }) => tier.receipts)).toEqual(['count', 'off']);
  });

  it('is shown without names while identity is down', async () => {
    identityDown = true;
    known = [wire('b', { kind: 'direct', peerId: 'bob' })];
    expect((await view.views('ann', [state('b')]))[0]?.peer).toEqual({ userId: 'bob' });
  });

  it('is found for members only', async () => {
    known = [wire('a', { myRole: '', mySettings: undefined })];
    states = [state('a', { role: '' })];
    await expect(view.one('zoe', 'a')).rejects.toMatchObject({ code: 'conversation.not_found' });
    states = [state('a')];
    expect((await view.one('ann', 'a')).conversationId).toBe('a');
  });

  it('of a room has what a stranger may know', () => {
    const shown = roomView(wire('r', { kind: 'room', myRole: '', mySettings: undefined }));
    expect(room.parse(shown)).toEqual(shown);
    expect(shown).not.toHaveProperty('role');
    expect(roomView(wire('r', { kind: 'room' })).role).toBe('member');
  });
});
