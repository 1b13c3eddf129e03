import type { ConversationRow, EventRow, MemberRow } from '../log-rows.js';
import { mentionAllDenied } from '../message.errors.js';
import { EVERYBODY, type Mention, type WorkingSet } from '../working-set.js';

/** In a list of mentioned users: every member. One row, however many they are. */
const ALL = 'all';

/** @param before mentions that the message has already: who was allowed to make them keeps them. */
export function requireMayMention(
  conversation: ConversationRow,
  member: MemberRow,
  mentions: readonly string[],
  before = '',
): void {
  if (!mentions.includes(ALL) || mentionsOf(before).includes(ALL)) return;
  const isLarge = conversation.kind === 'group' || conversation.kind === 'room';
  if (!isLarge || member.role === 'member')
    throw mentionAllDenied({ errors: [{ path: 'mentions', message: '`all` is for owners and admins' }] });
}

export function mentionsJson(mentions: readonly string[]): string {
  return mentions.length === 0 ? '' : JSON.stringify(mentions);
}

export function addMentions(set: WorkingSet, message: EventRow): void {
  if (message.mentions !== '') set.newMentions.push(...rowsOf(message));
}

/** Takes the rows of a message back, those of this batch included. */
export function removeMentions(set: WorkingSet, message: EventRow): void {
  const isOfMessage = (row: Mention) => row.conversationNo === message.conversationNo && row.seq === message.seq;
  const others = set.newMentions.filter((row) => !isOfMessage(row));
  if (others.length < set.newMentions.length) set.newMentions.splice(0, Infinity, ...others);
  if (message.mentions !== '') set.goneMentions.push(...rowsOf(message));
}

/** Nobody is called by their own message, and nobody twice by one. */
function rowsOf({ conversationNo, seq, actorId: senderId, mentions }: EventRow): Mention[] {
  const userIds = new Set(mentionsOf(mentions));
  if (userIds.has(ALL)) return [{ conversationNo, userId: EVERYBODY, seq, senderId }];
  userIds.delete(senderId);
  return [...userIds].map((userId) => ({ conversationNo, userId, seq, senderId }));
}

function mentionsOf(json: string): string[] {
  return json === '' ? [] : (JSON.parse(json) as string[]);
}
