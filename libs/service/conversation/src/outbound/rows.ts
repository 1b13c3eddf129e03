import {
  type Contact,
  type ContactRequest,
  type Conversation,
  type ConversationKind,
  type ConversationView,
  type Invitation,
  type JoinPolicy,
  type Member,
  type MySettings,
  type RequestState,
  roleOfRank,
  type SendPolicy,
} from '@parley/core-conversation';
import type { ConversationId, FileId, UserId } from '@parley/kernel';

/** A row as either driver answers it. Numbers of BIGINT columns may come as text. */
export type Row = Record<string, string | number | null>;

const time = (value: string | number | null | undefined): number => Number(value ?? 0);
const string = (value: string | number | null | undefined): string => String(value ?? '');

export function conversationOf(row: Row): Conversation {
  return {
    id: string(row['conversation_id']) as ConversationId,
    kind: row['kind'] as ConversationKind,
    title: string(row['title']),
    description: string(row['description']),
    avatarFileId: string(row['avatar_file_id']) as FileId,
    ownerId: string(row['owner_id']) as UserId,
    ...(row['announcement_text'] == null
      ? {}
      : {
          announcement: {
            text: string(row['announcement_text']),
            authorId: string(row['announcement_author_id']) as UserId,
            updatedAt: time(row['announcement_at']),
          },
        }),
    joinPolicy: row['join_policy'] as JoinPolicy,
    sendPolicy: row['send_policy'] as SendPolicy,
    historyBeforeJoin: row['history_before_join'] === 1,
    createdAt: time(row['created_at']),
    disbanded: row['disbanded'] === 1,
    memberCount: time(row['member_count']),
    ...(row['low_id'] == null
      ? {}
      : { pair: { low: string(row['low_id']) as UserId, high: string(row['high_id']) as UserId } }),
  };
}

export function memberOf(row: Row): Member {
  return {
    userId: string(row['user_id']) as UserId,
    role: roleOfRank(Number(row['role_rank'])),
    nickname: string(row['nickname']),
    joinedAt: time(row['joined_at']),
    mutedUntil: time(row['muted_until']),
  };
}

export function settingsOf(row: Row): MySettings {
  return { muted: row['muted'] === 1, pinned: row['pinned'] === 1, archived: row['archived'] === 1 };
}

/** A conversation left-joined with one user's member row. */
export function viewOf(row: Row): ConversationView {
  const conversation = conversationOf(row);
  if (row['user_id'] == null) return { conversation };
  return { conversation, membership: { ...memberOf(row), settings: settingsOf(row) } };
}

export function invitationOf(row: Row): Invitation {
  return {
    code: string(row['code']),
    conversationId: string(row['conversation_id']) as ConversationId,
    createdBy: string(row['created_by']) as UserId,
    createdAt: time(row['created_at']),
    expiresAt: time(row['expires_at']),
    maxUses: time(row['max_uses']),
    uses: time(row['uses']),
    liftsUpTo: time(row['lifts_up_to']),
  };
}

export function contactOf(row: Row): Contact {
  return {
    userId: string(row['user_id']) as UserId,
    peerId: string(row['peer_id']) as UserId,
    remark: string(row['remark']),
    tags: JSON.parse(string(row['tags'])) as string[],
    addedAt: time(row['added_at']),
  };
}

export function requestOf(row: Row): ContactRequest {
  return {
    id: string(row['request_id']),
    from: string(row['from_id']) as UserId,
    to: string(row['to_id']) as UserId,
    greeting: string(row['greeting']),
    state: row['state'] as RequestState,
    createdAt: time(row['created_at']),
    expiresAt: time(row['expires_at']),
    answeredAt: time(row['answered_at']),
  };
}
