import { insertRows, marks, transact, type SqlDatabase } from '@parley/adapter-sql';
import {
  type Contact,
  type ContactRequest,
  type Decision,
  type LoadedPair,
  type Pair,
  PairStore,
  type PairWrites,
  peerIn,
} from '@parley/core-conversation';
import type { ConversationId, Page, PageRequest, UserId } from '@parley/kernel';
import type { EntityManager } from 'typeorm';
import type { ContactFeed } from './contact-feed.js';
import { appendFacts, insertConversation, lockConversation } from './conversation-rows.js';
import { cutPage } from './pages.js';
import { contactOf, requestOf, type Row } from './rows.js';

export class SqlPairStore extends PairStore {
  constructor(
    private readonly database: SqlDatabase,
    private readonly feed: ContactFeed,
  ) {
    super();
  }

  async change<T>(pair: Pair, decide: (loaded: LoadedPair) => Decision<T, PairWrites>): Promise<T> {
    const { result, events } = await transact(this.database, async (tx) => {
      await lockPair(tx, pair);
      const loaded = await load(tx, pair);
      const decision = decide(loaded);
      await write(tx, loaded, decision.changes);
      await this.feed.append(tx, decision.changes.events);
      return { result: decision.result, events: decision.changes.events.length };
    });
    if (events > 0) this.feed.publish();
    return result;
  }

  findDirect(pair: Pair): Promise<ConversationId | undefined> {
    return findDirect(this.database.read, pair);
  }

  async contacts(userId: UserId, page: PageRequest): Promise<Page<Contact>> {
    const rows: Row[] = await this.database.read.query(
      'SELECT * FROM contacts WHERE user_id = ? AND peer_id > ? ORDER BY peer_id LIMIT ?',
      [userId, page.cursor ?? '', page.limit + 1],
    );
    return cutPage(rows.map(contactOf), page, ({ peerId }) => peerId);
  }

  async requests(userId: UserId, direction: 'in' | 'out', page: PageRequest): Promise<Page<ContactRequest>> {
    const mine =
      direction === 'out'
        ? 'r.from_id = ?'
        : 'r.to_id = ? AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = r.to_id AND b.blocked_id = r.from_id)';
    const rows: Row[] = await this.database.read.query(
      `SELECT r.* FROM contact_requests r WHERE ${mine} ${page.cursor === undefined ? '' : 'AND r.request_id < ?'}
       ORDER BY r.request_id DESC LIMIT ?`,
      [userId, ...(page.cursor === undefined ? [] : [page.cursor]), page.limit + 1],
    );
    return cutPage(rows.map(requestOf), page, ({ id }) => id);
  }

  async findRequest(id: string): Promise<ContactRequest | undefined> {
    const [row]: Row[] = await this.database.read.query('SELECT * FROM contact_requests WHERE request_id = ?', [id]);
    return row === undefined ? undefined : requestOf(row);
  }

  async blocked(userId: UserId, page: PageRequest): Promise<Page<UserId>> {
    const rows: Row[] = await this.database.read.query(
      'SELECT blocked_id FROM blocks WHERE user_id = ? AND blocked_id > ? ORDER BY blocked_id LIMIT ?',
      [userId, page.cursor ?? '', page.limit + 1],
    );
    return cutPage(
      rows.map((row) => row['blocked_id'] as UserId),
      page,
      (id) => id,
    );
  }

  async blockersAmong(userIds: readonly UserId[], userId: UserId): Promise<Set<UserId>> {
    if (userIds.length === 0) return new Set();
    const rows: Row[] = await this.database.read.query(
      `SELECT user_id FROM blocks WHERE blocked_id = ? AND user_id IN (${marks(userIds.length)})`,
      [userId, ...userIds],
    );
    return new Set(rows.map((row) => row['user_id'] as UserId));
  }

  async acquaintancesAmong(userIds: readonly UserId[], userId: UserId): Promise<Set<UserId>> {
    if (userIds.length === 0) return new Set();
    const among = marks(userIds.length);
    const known: Row[] = await this.database.read.query(
      `SELECT peer_id AS id FROM contacts WHERE user_id = ? AND peer_id IN (${among})
       UNION SELECT other.user_id FROM members mine
         JOIN conversations c ON c.conversation_id = mine.conversation_id AND c.kind IN ('direct', 'group') AND c.disbanded = 0
         JOIN members other ON other.conversation_id = mine.conversation_id
         WHERE mine.user_id = ? AND other.user_id IN (${among})`,
      [userId, ...userIds, userId, ...userIds],
    );
    const blocks: Row[] = await this.database.read.query(
      `SELECT blocked_id AS id FROM blocks WHERE user_id = ? AND blocked_id IN (${among})
       UNION SELECT user_id FROM blocks WHERE blocked_id = ? AND user_id IN (${among})`,
      [userId, ...userIds, userId, ...userIds],
    );
    const hidden = new Set(blocks.map((row) => row['id']));
    return new Set(known.flatMap(({ id }) => (hidden.has(id as string) ? [] : [id as UserId])));
  }
}

/** ORDER: the lock comes before the first read. A new pair's row is its lock as well. */
async function lockPair(tx: EntityManager, { low, high }: Pair): Promise<void> {
  await tx.query('UPDATE pairs SET version = version + 1 WHERE low_id = ? AND high_id = ?', [low, high]);
  const known: Row[] = await tx.query('SELECT 1 FROM pairs WHERE low_id = ? AND high_id = ?', [low, high]);
  if (known.length === 0) await insertRows(tx, 'pairs', ['low_id', 'high_id', 'version'], [[low, high, 1]]);
}

async function findDirect(source: EntityManager, { low, high }: Pair): Promise<ConversationId | undefined> {
  const [row]: Row[] = await source.query(
    'SELECT conversation_id FROM conversations WHERE low_id = ? AND high_id = ?',
    [low, high],
  );
  return row?.['conversation_id'] as ConversationId | undefined;
}

async function load(tx: EntityManager, pair: Pair): Promise<LoadedPair> {
  const ways = [pair.low, pair.high, pair.high, pair.low];
  const contacts: Row[] = await tx.query(
    'SELECT * FROM contacts WHERE (user_id = ? AND peer_id = ?) OR (user_id = ? AND peer_id = ?)',
    ways,
  );
  const blocks: Row[] = await tx.query(
    'SELECT user_id FROM blocks WHERE (user_id = ? AND blocked_id = ?) OR (user_id = ? AND blocked_id = ?)',
    ways,
  );
  const latest = async (from: UserId, to: UserId): Promise<Row[]> =>
    tx.query(
      'SELECT * FROM contact_requests WHERE from_id = ? AND to_id = ? ORDER BY created_at DESC, request_id DESC LIMIT 1',
      [from, to],
    );
  const requests = [...(await latest(pair.low, pair.high)), ...(await latest(pair.high, pair.low))];
  const directId = await findDirect(tx, pair);
  return {
    pair,
    contacts: contacts.map(contactOf),
    requests: requests.map(requestOf),
    blockers: blocks.map((row) => row['user_id'] as UserId),
    ...(directId === undefined ? {} : { directId }),
  };
}

async function write(tx: EntityManager, { pair, directId }: LoadedPair, changes: PairWrites): Promise<void> {
  if (changes.contacts !== undefined) await replaceContacts(tx, pair, changes.contacts);
  for (const request of changes.requests) await putRequest(tx, request);
  for (const userId of changes.block)
    await insertRows(tx, 'blocks', ['user_id', 'blocked_id'], [[userId, peerIn(pair, userId)]]);
  for (const userId of changes.unblock)
    await tx.query('DELETE FROM blocks WHERE user_id = ? AND blocked_id = ?', [userId, peerIn(pair, userId)]);
  if (changes.direct !== undefined) await insertConversation(tx, changes.direct);
  if (changes.facts.length === 0 || directId === undefined) return;
  const row = await lockConversation(tx, directId);
  await appendFacts(tx, directId, Number(row?.['fact_no']), changes.facts);
}

async function replaceContacts(tx: EntityManager, pair: Pair, contacts: readonly Contact[]): Promise<void> {
  await tx.query('DELETE FROM contacts WHERE (user_id = ? AND peer_id = ?) OR (user_id = ? AND peer_id = ?)', [
    pair.low,
    pair.high,
    pair.high,
    pair.low,
  ]);
  const rows = contacts.map((each) => [each.userId, each.peerId, each.remark, JSON.stringify(each.tags), each.addedAt]);
  await insertRows(tx, 'contacts', ['user_id', 'peer_id', 'remark', 'tags', 'added_at'], rows);
}

async function putRequest(tx: EntityManager, request: ContactRequest): Promise<void> {
  await tx.query('DELETE FROM contact_requests WHERE request_id = ?', [request.id]);
  await insertRows(
    tx,
    'contact_requests',
    ['request_id', 'from_id', 'to_id', 'greeting', 'state', 'created_at', 'expires_at', 'answered_at'],
    [
      [
        request.id,
        request.from,
        request.to,
        request.greeting,
        request.state,
        request.createdAt,
        request.expiresAt,
        request.answeredAt,
      ],
    ],
  );
}
