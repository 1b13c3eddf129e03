import type { ConversationId, FileId, UserId } from '@parley/kernel';

export type ConversationKind = 'direct' | 'group' | 'room' | 'self';
/** open: anyone may join by the id. invitation: with an invitation or added by owner or admin. closed: only added. */
export type JoinPolicy = 'open' | 'invitation' | 'closed';
/** Who may send: every member, or owner and admins only. */
export type SendPolicy = 'members' | 'admins';
export type Role = 'owner' | 'admin' | 'member';

/** The room that is always there and that everyone may join. It has no owner, so nobody can change or disband it. */
export const WORLD = 'world' as ConversationId;

export interface Announcement {
  text: string;
  authorId: UserId;
  updatedAt: number;
}

/** The two users of a direct conversation, in code unit order; twice the same one for notes to oneself. */
export interface Pair {
  low: UserId;
  high: UserId;
}

export interface Conversation {
  id: ConversationId;
  kind: ConversationKind;
  title: string;
  description: string;
  /** Empty for none. */
  avatarFileId: FileId | '';
  /** Empty where there is no owner: direct, self, world. */
  ownerId: UserId | '';
  announcement?: Announcement;
  joinPolicy: JoinPolicy;
  sendPolicy: SendPolicy;
  historyBeforeJoin: boolean;
  createdAt: number;
  disbanded: boolean;
  memberCount: number;
  pair?: Pair;
}

export interface MySettings {
  muted: boolean;
  pinned: boolean;
  archived: boolean;
}

export interface Member {
  userId: UserId;
  role: Role;
  nickname: string;
  joinedAt: number;
  /** 0 when not muted. A time that is over counts as not muted. */
  mutedUntil: number;
}

/** What one user sees of a conversation. */
export interface ConversationView {
  conversation: Conversation;
  /** Absent when not a member. */
  membership?: Member & { settings: MySettings };
}

const RANK: Record<Role, number> = { owner: 0, admin: 1, member: 2 };
const ROLES: readonly Role[] = ['owner', 'admin', 'member'];

/** 0 is the highest. Also the order of member lists. */
export const rankOf = (role: Role): number => RANK[role];
export const roleOfRank = (rank: number): Role => ROLES[rank] ?? 'member';
/** Is `role` strictly higher than `other`? */
export const outranks = (role: Role, other: Role): boolean => RANK[role] < RANK[other];

export function pairOf(one: UserId, other: UserId): Pair {
  return one < other ? { low: one, high: other } : { low: other, high: one };
}

export function peerIn(pair: Pair, userId: UserId): UserId {
  return pair.low === userId ? pair.high : pair.low;
}

/** Members see a conversation. Others see open rooms and groups while these exist, so that they can join. */
export function isVisible({ conversation, membership }: ConversationView): boolean {
  return membership !== undefined || (conversation.joinPolicy === 'open' && !conversation.disbanded);
}
