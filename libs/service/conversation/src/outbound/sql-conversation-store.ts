import { insertRows, marks, transact, type SqlDatabase } from '@parley/adapter-sql';
import {
  type Conversation,
  type ConversationScope,
  ConversationStore,
  type ConversationView,
  type ConversationWrites,
  conversationNotFound,
  type Creation,
  type CreationKey,
  type Decision,
  type Invitation,
  type LoadedConversation,
  type Member,
  type MySettings,
  type NewConversation,
} from '@parley/core-conversation';
import type { ConversationId, Page, PageRequest, UserId } from '@parley/kernel';
import type { EntityManager } from 'typeorm';
import { findInvitation, loadDecision, writeDecision } from './conversation-decision.js';
import { appendFacts, insertConversation, lockConversation } from './conversation-rows.js';
import { cutPage, memberCursor, readMemberCursor } from './pages.js';
import { conversationOf, invitationOf, memberOf, type Row, settingsOf, viewOf } from './rows.js';
import type { SettingsFeed } from './settings-feed.js';

const LAST_CODE_POINT = '\u{10ffff}';

const VIEW = `SELECT c.*, m.user_id, m.role_rank, m.nickname, m.joined_at, m.muted_until, m.muted, m.pinned, m.archived
  FROM conversations c LEFT JOIN members m ON m.conversation_id = c.conversation_id AND m.user_id = ?`;

export class SqlConversationStore extends ConversationStore {
  constructor(
    private readonly database: SqlDatabase,
    private readonly feed: SettingsFeed,
  ) {
    super();
  }

  create(made: NewConversation, refused: readonly UserId[], once?: CreationKey): Promise<Creation> {
    const creation = { conversationId: made.conversation.id, refused, fingerprint: once?.fingerprint ?? '' };
    return transact(this.database, async (tx) => {
      const before = once && (await findCreation(tx, once.creatorId, once.key));
      if (before !== undefined) return before;
      const taken: Row[] = await tx.query('SELECT 1 FROM conversations WHERE conversation_id = ?', [
        creation.conversationId,
      ]);
      if (taken.length > 0) return creation;
      await insertConversation(tx, made);
      if (once !== undefined)
        await insertRows(
          tx,
          'creations',
          ['creator_id', 'creation_key', 'conversation_id', 'refused_ids', 'fingerprint'],
          [[once.creatorId, once.key, creation.conversationId, JSON.stringify(refused), once.fingerprint]],
        );
      return creation;
    });
  }

  findCreation(creatorId: UserId, key: string): Promise<Creation | undefined> {
    return findCreation(this.database.read, creatorId, key);
  }

  change<T>(
    id: ConversationId,
    scope: ConversationScope,
    decide: (loaded: LoadedConversation) => Decision<T, ConversationWrites>,
  ): Promise<T> {
    return transact(this.database, async (tx) => {
      const row = await lockConversation(tx, id);
      if (row === undefined) throw conversationNotFound();
      const loaded = await loadDecision(
        tx,
        { conversation: conversationOf(row), version: Number(row['version']) },
        scope,
      );
      const { result, changes } = decide(loaded);
      await writeDecision(tx, loaded, changes);
      await appendFacts(tx, id, Number(row['fact_no']), changes.facts);
      return result;
    });
  }

  async look(id: ConversationId, scope: ConversationScope): Promise<LoadedConversation | undefined> {
    const { read } = this.database;
    const [row]: Row[] = await read.query('SELECT * FROM conversations WHERE conversation_id = ?', [id]);
    if (row === undefined) return undefined;
    return loadDecision(read, { conversation: conversationOf(row), version: Number(row['version']) + 1 }, scope);
  }

  async views(userId: UserId, ids: readonly ConversationId[]): Promise<ConversationView[]> {
    if (ids.length === 0) return [];
    const rows: Row[] = await this.database.read.query(`${VIEW} WHERE c.conversation_id IN (${marks(ids.length)})`, [
      userId,
      ...ids,
    ]);
    const found = new Map(rows.map((row) => [row['conversation_id'], row]));
    return ids.flatMap((id) => {
      const row = found.get(id);
      return row === undefined ? [] : [viewOf(row)];
    });
  }

  async openRooms(userId: UserId, page: PageRequest): Promise<Page<ConversationView>> {
    const after = page.cursor === undefined ? '' : 'AND c.conversation_id < ?';
    const rows: Row[] = await this.database.read.query(
      `${VIEW} WHERE c.kind = 'room' AND c.join_policy = 'open' AND c.disbanded = 0 ${after}
       ORDER BY c.conversation_id DESC LIMIT ?`,
      [userId, ...(page.cursor === undefined ? [] : [page.cursor]), page.limit + 1],
    );
    return cutPage(rows.map(viewOf), page, ({ conversation }) => conversation.id);
  }

  async members(id: ConversationId, page: PageRequest): Promise<Page<Member>> {
    const after = page.cursor === undefined ? undefined : readMemberCursor(page.cursor);
    const rows: Row[] = await this.database.read.query(
      `SELECT * FROM members WHERE conversation_id = ? ${after === undefined ? '' : 'AND (role_rank, joined_at, user_id) > (?, ?, ?)'}
       ORDER BY role_rank, joined_at, user_id LIMIT ?`,
      [id, ...(after ?? []), page.limit + 1],
    );
    return cutPage(rows.map(memberOf), page, memberCursor);
  }

  async membersAmong(id: ConversationId, userIds: readonly UserId[]): Promise<Member[]> {
    if (userIds.length === 0) return [];
    const rows: Row[] = await this.database.read.query(
      `SELECT * FROM members WHERE conversation_id = ? AND user_id IN (${marks(userIds.length)}) ORDER BY user_id`,
      [id, ...userIds],
    );
    return rows.map(memberOf);
  }

  async membersByNickname(id: ConversationId, prefix: string, limit: number): Promise<Member[]> {
    const rows: Row[] = await this.database.read.query(
      `SELECT * FROM members WHERE conversation_id = ? AND nickname_folded >= ? AND nickname_folded < ?
       ORDER BY nickname_folded, user_id LIMIT ?`,
      [id, prefix, prefix + LAST_CODE_POINT, limit],
    );
    return rows.map(memberOf);
  }

  async find(id: ConversationId): Promise<Conversation | undefined> {
    const [row]: Row[] = await this.database.read.query('SELECT * FROM conversations WHERE conversation_id = ?', [id]);
    return row === undefined ? undefined : conversationOf(row);
  }

  async setMySettings(id: ConversationId, userId: UserId, patch: Partial<MySettings>): Promise<MySettings | undefined> {
    const named = (['muted', 'pinned', 'archived'] as const).filter((field) => patch[field] !== undefined);
    const settings = await transact(this.database, async (tx) => {
      if (named.length > 0)
        await tx.query(
          `UPDATE members SET ${named.map((field) => `${field} = ?`).join(', ')} WHERE conversation_id = ? AND user_id = ?`,
          [...named.map((field) => (patch[field] === true ? 1 : 0)), id, userId],
        );
      const [row]: Row[] = await tx.query('SELECT * FROM members WHERE conversation_id = ? AND user_id = ?', [
        id,
        userId,
      ]);
      if (row === undefined) return undefined;
      if (named.length > 0) await this.feed.append(tx, userId, id, settingsOf(row));
      return settingsOf(row);
    });
    if (named.length > 0 && settings !== undefined) this.feed.publish();
    return settings;
  }

  async invitations(id: ConversationId): Promise<Invitation[]> {
    const rows: Row[] = await this.database.read.query(
      'SELECT * FROM invitations WHERE conversation_id = ? ORDER BY created_at DESC, code',
      [id],
    );
    return rows.map(invitationOf);
  }

  findInvitation(code: string): Promise<Invitation | undefined> {
    return findInvitation(this.database.read, code);
  }
}

async function findCreation(source: EntityManager, creatorId: UserId, key: string): Promise<Creation | undefined> {
  const [row]: Row[] = await source.query('SELECT * FROM creations WHERE creator_id = ? AND creation_key = ?', [
    creatorId,
    key,
  ]);
  return (
    row && {
      conversationId: row['conversation_id'] as ConversationId,
      refused: JSON.parse(String(row['refused_ids'])) as UserId[],
      fingerprint: String(row['fingerprint']),
    }
  );
}
