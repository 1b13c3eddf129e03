import type { ConversationId, IdGenerator, UserId } from '@parley/kernel';
import {
  type Conversation,
  type ConversationKind,
  type JoinPolicy,
  type Member,
  type Pair,
  WORLD,
} from './conversation.js';
import { conversationFull } from './conversation.errors.js';
import type { Fact } from './fact.js';
import { type Limits, newMember } from './membership.js';

export interface NewConversation {
  conversation: Conversation;
  members: readonly Member[];
  facts: readonly Fact[];
}

export interface Founding {
  kind: 'group' | 'room';
  title: string;
  description: string;
  /** Undefined: `invitation` for groups, `open` for rooms. */
  joinPolicy?: JoinPolicy;
  /** Undefined: no for groups, yes for rooms. */
  historyBeforeJoin?: boolean;
}

interface Making {
  now: number;
  ids: IdGenerator;
}

export function found(
  founding: Founding,
  ownerId: UserId,
  memberIds: readonly UserId[],
  limits: Limits,
  making: Making,
): NewConversation {
  const others = [...new Set(memberIds)].filter((userId) => userId !== ownerId);
  if (founding.kind === 'group' && others.length + 1 > limits.groupMembers) throw conversationFull();
  const isRoom = founding.kind === 'room';
  const members = [
    newMember(ownerId, 'owner', making.now),
    ...others.map((userId) => newMember(userId, 'member', making.now)),
  ];
  return make(making, ownerId, members, {
    ...blank(making.ids.next() as ConversationId, founding.kind, making.now),
    title: founding.title,
    description: founding.description,
    ownerId,
    joinPolicy: founding.joinPolicy ?? (isRoom ? 'open' : 'invitation'),
    historyBeforeJoin: founding.historyBeforeJoin ?? isRoom,
  });
}

/** Between two users, or notes to oneself. */
export function foundDirect(pair: Pair, actorId: UserId, making: Making): NewConversation {
  const kind = pair.low === pair.high ? 'self' : 'direct';
  const members = [...new Set([pair.low, pair.high])].map((userId) => newMember(userId, 'member', making.now));
  return make(making, actorId, members, {
    ...blank(making.ids.next() as ConversationId, kind, making.now),
    joinPolicy: 'closed',
    historyBeforeJoin: true,
    pair,
  });
}

export function foundWorld(making: Making): NewConversation {
  return make(making, '' as UserId, [], {
    ...blank(WORLD, 'room', making.now),
    title: 'World',
    joinPolicy: 'open',
    historyBeforeJoin: true,
  });
}

function blank(id: ConversationId, kind: ConversationKind, now: number) {
  return {
    id,
    kind,
    title: '',
    description: '',
    avatarFileId: '' as const,
    ownerId: '' as const,
    sendPolicy: 'members' as const,
    createdAt: now,
    disbanded: false,
  };
}

function make(
  { ids }: Making,
  actorId: UserId,
  members: readonly Member[],
  conversation: Omit<Conversation, 'memberCount'>,
): NewConversation {
  const { kind, historyBeforeJoin } = conversation;
  const list = members.map(({ userId, role }) => ({ userId, role }));
  return {
    conversation: { ...conversation, memberCount: members.length },
    members,
    facts: [
      {
        changeId: ids.next(),
        conversationId: conversation.id,
        actorId,
        body: { type: 'created', kind, members: list, historyBeforeJoin },
      },
    ],
  };
}
