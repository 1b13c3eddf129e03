import type { NoticeItem } from '@parley/client';

/** What a line of the log says: a text, who it is about, and whose names are in it. `undefined`: not worth a line. */
export interface NoticeText {
  /** Below `conversation.notice`. */
  key: string;
  actorId: string;
  /** Others who are named, a few of them. */
  userIds: string[];
  /** More than are named. */
  more: number;
  values: Record<string, string | number>;
}

const NAMED = 3;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

export function noticeText({
  type,
  actorId,
  data,
}: Pick<NoticeItem, 'type' | 'actorId' | 'data'>): NoticeText | undefined {
  const say = (key: string, userIds: string[] = [], values: NoticeText['values'] = {}): NoticeText => ({
    key,
    actorId,
    userIds: userIds.slice(0, NAMED),
    more: Math.max(0, userIds.length - NAMED),
    values,
  });
  const userId = text(data['userId']);
  switch (type) {
    case 'member.joined': {
      const members = Array.isArray(data['members']) ? data['members'].map((one) => text(record(one)['userId'])) : [];
      const others = members.filter((id) => id !== '' && id !== actorId);
      return others.length === 0 ? say('joined') : say('added', others);
    }
    case 'member.left':
      return say('left', [], {});
    case 'member.removed':
      return say('removed', [userId]);
    case 'member.changed':
      return memberChanged(data, userId, say);
    case 'conversation.changed':
      return conversationChanged(data, say);
    case 'announcement.changed':
      return say(text(data['text']) === '' ? 'announcementGone' : 'announcement', [], { text: text(data['text']) });
    case 'conversation.disbanded':
      return say('disbanded');
    case 'call.ended':
      return say(text(data['outcome']) === 'completed' ? 'call' : 'callMissed', [], {
        durationMs: Number(data['durationMs'] ?? 0),
      });
    case 'message.pinned':
      return say('pinned');
    default:
      return undefined;
  }
}

type Say = (key: string, userIds?: string[], values?: NoticeText['values']) => NoticeText;

function memberChanged(data: Record<string, unknown>, userId: string, say: Say): NoticeText | undefined {
  const role = text(data['role']);
  if (role === 'owner' || role === 'admin' || role === 'member') return say(`role.${role}`, [userId]);
  if (data['mutedUntil'] === null) return say('unmuted', [userId]);
  if (text(data['mutedUntil']) !== '') return say('muted', [userId]);
  return undefined;
}

function conversationChanged(data: Record<string, unknown>, say: Say): NoticeText | undefined {
  if (text(data['title']) !== '') return say('renamed', [], { title: text(data['title']) });
  if ('avatarFileId' in data) return say('avatar');
  if (data['sendPolicy'] === 'admins') return say('adminsOnly');
  if (data['sendPolicy'] === 'members') return say('everybodyMaySend');
  if ('description' in data) return say('description');
  return undefined;
}
