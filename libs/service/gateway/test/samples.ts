import type { conversationV1, messageV1 } from '@parley/contracts/rpc';

export const sampleState = (
  conversationId: string,
  more: Partial<messageV1.ConversationState> = {},
): messageV1.ConversationState => ({
  conversationId,
  kind: 'group',
  headSeq: 7,
  epoch: 'e',
  role: 'member',
  readSeq: 5,
  deliveredSeq: 6,
  unreadCount: 2,
  mentionCount: 1,
  memberCount: 2,
  lastMessage: undefined,
  lastActivityAt: 2000,
  joinedSeq: 1,
  mutedUntil: 0,
  disbanded: false,
  cursors: [],
  ...more,
});

export const sampleConversation = (
  conversationId: string,
  more: Partial<conversationV1.Conversation> = {},
): conversationV1.Conversation => ({
  conversationId,
  kind: 'group',
  title: 'Team',
  avatarFileId: '',
  description: '',
  ownerId: 'ann',
  announcement: undefined,
  joinPolicy: 'open',
  sendPolicy: 'members',
  historyBeforeJoin: true,
  createdAt: 1000,
  peerId: '',
  mySettings: { muted: true, pinned: false, archived: false },
  disbanded: false,
  memberCount: 2,
  myRole: 'member',
  ...more,
});
