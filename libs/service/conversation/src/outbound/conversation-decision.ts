import { insertRows, marks } from '@parley/adapter-sql';
import {
  type Conversation,
  type ConversationScope,
  type ConversationWrites,
  foldName,
  type Invitation,
  type LoadedConversation,
  rankOf,
} from '@parley/core-conversation';
import type { UserId } from '@parley/kernel';
import type { EntityManager } from 'typeorm';
import { insertMembers, updateConversation } from './conversation-rows.js';
import { invitationOf, memberOf, type Row } from './rows.js';

/** What a decision about a conversation reads, and what it writes. */

/** Under the conversation's lock. */
export async function loadDecision(
  tx: EntityManager,
  { conversation, version }: { conversation: Conversation; version: number },
  scope: ConversationScope,
): Promise<LoadedConversation> {
  const { id, ownerId } = conversation;
  const members: Row[] = await tx.query(
    `SELECT * FROM members WHERE conversation_id = ? AND user_id IN (${marks(scope.userIds.length)})`,
    [id, ...scope.userIds],
  );
  const ownerNamed = ownerId !== '' && scope.userIds.includes(ownerId);
  const heirs: Row[] = ownerNamed
    ? await tx.query(
        'SELECT * FROM members WHERE conversation_id = ? AND role_rank > 0 ORDER BY role_rank, joined_at, user_id LIMIT 1',
        [id],
      )
    : [];
  const mutes: Row[] = await tx.query(
    `SELECT * FROM kept_mutes WHERE conversation_id = ? AND user_id IN (${marks(scope.userIds.length)})`,
    [id, ...scope.userIds],
  );
  const removed: Row[] = await tx.query(
    `SELECT * FROM removed_members WHERE conversation_id = ? AND user_id IN (${marks(scope.userIds.length)})`,
    [id, ...scope.userIds],
  );
  const invitation = scope.invitation === undefined ? undefined : await findInvitation(tx, scope.invitation);
  return {
    conversation,
    members: members.map(memberOf),
    keptMutes: new Map(mutes.map((row) => [row['user_id'] as UserId, Number(row['muted_until'])])),
    removedIn: new Map(removed.map((row) => [row['user_id'] as UserId, Number(row['version'])])),
    version,
    ...(heirs[0] === undefined ? {} : { successor: memberOf(heirs[0]) }),
    ...(invitation?.conversationId === id ? { invitation } : {}),
  };
}

export async function writeDecision(
  tx: EntityManager,
  loaded: LoadedConversation,
  changes: ConversationWrites,
): Promise<void> {
  const { id } = loaded.conversation;
  if (changes.conversation !== loaded.conversation) await updateConversation(tx, changes.conversation);
  const known = new Set([...loaded.members, ...(loaded.successor ? [loaded.successor] : [])].map((m) => m.userId));
  const fresh = changes.put.filter(({ userId }) => !known.has(userId));
  await insertMembers(tx, id, fresh);
  const isFresh = (userId: UserId) => fresh.some((member) => member.userId === userId);
  for (const userId of [...loaded.keptMutes.keys()].filter(isFresh))
    await tx.query('DELETE FROM kept_mutes WHERE conversation_id = ? AND user_id = ?', [id, userId]);
  for (const userId of [...loaded.removedIn.keys()].filter(isFresh))
    await tx.query('DELETE FROM removed_members WHERE conversation_id = ? AND user_id = ?', [id, userId]);
  for (const member of changes.put.filter(({ userId }) => known.has(userId)))
    await tx.query(
      `UPDATE members SET role_rank = ?, nickname = ?, nickname_folded = ?, muted_until = ?
       WHERE conversation_id = ? AND user_id = ?`,
      [rankOf(member.role), member.nickname, foldName(member.nickname), member.mutedUntil, id, member.userId],
    );
  for (const userId of changes.drop)
    await tx.query('DELETE FROM members WHERE conversation_id = ? AND user_id = ?', [id, userId]);
  const mutes = [...changes.keepMutes].map(([userId, until]) => [id, userId, until]);
  await insertRows(tx, 'kept_mutes', ['conversation_id', 'user_id', 'muted_until'], mutes);
  const bars = changes.bar.map((userId) => [id, userId, loaded.version]);
  await insertRows(tx, 'removed_members', ['conversation_id', 'user_id', 'version'], bars);
  if (changes.invitation !== undefined) await putInvitation(tx, changes.invitation, loaded.invitation !== undefined);
  if (changes.revoked !== undefined) await tx.query('DELETE FROM invitations WHERE code = ?', [changes.revoked]);
}

async function putInvitation(tx: EntityManager, invitation: Invitation, exists: boolean): Promise<void> {
  const { code, conversationId, createdBy, createdAt, expiresAt, maxUses, uses, liftsUpTo } = invitation;
  if (exists) {
    await tx.query('UPDATE invitations SET uses = ? WHERE code = ?', [uses, code]);
    return;
  }
  await insertRows(
    tx,
    'invitations',
    ['code', 'conversation_id', 'created_by', 'created_at', 'expires_at', 'max_uses', 'uses', 'lifts_up_to'],
    [[code, conversationId, createdBy, createdAt, expiresAt, maxUses, uses, liftsUpTo]],
  );
}

export async function findInvitation(source: EntityManager, code: string): Promise<Invitation | undefined> {
  const [row]: Row[] = await source.query('SELECT * FROM invitations WHERE code = ?', [code]);
  return row === undefined ? undefined : invitationOf(row);
}
