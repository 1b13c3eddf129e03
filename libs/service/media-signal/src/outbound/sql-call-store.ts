import { changed, insertRows, marks, type SqlDatabase, transact } from '@parley/adapter-sql';
import {
  type BeginOutcome,
  type Call,
  type CallFact,
  CallStore,
  isLive,
  type Participant,
} from '@parley/core-media-signal';
import type { CallId, Page, PageRequest, UserId } from '@parley/kernel';
import type { EntityManager } from 'typeorm';
import {
  CALL_COLUMNS,
  callOf,
  callValues,
  PARTICIPANT_COLUMNS,
  participantOf,
  participantValues,
  type Row,
} from './call-rows.js';

/** A user's one live call is a primary key, a call's one next version a conditional UPDATE: what several processes do at once is decided here. */
export class SqlCallStore extends CallStore {
  constructor(private readonly database: SqlDatabase) {
    super();
  }

  begin(call: Call, idempotencyKey: string, facts: readonly CallFact[]): Promise<BeginOutcome> {
    // Another process may insert the key or engage one of them in between: the next look finds it.
    return transact(this.database, (tx) => this.tryBegin(tx, call, idempotencyKey, facts));
  }

  async find(callId: CallId): Promise<Call | undefined> {
    const [call] = await this.load('SELECT call_id FROM calls WHERE call_id = ?', [callId]);
    return call;
  }

  save(call: Call, facts: readonly CallFact[]): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const { state, outcome = '', reason, answeredAt, endedAt, deadlineAt, version, callId } = call;
      const count = await changed(
        tx,
        'UPDATE calls SET state = ?, outcome = ?, reason = ?, answered_at = ?, ended_at = ?, deadline_at = ?, version = ? WHERE call_id = ? AND version = ?',
        [state, outcome, reason, answeredAt, endedAt, deadlineAt, version, callId, version - 1],
      );
      if (count === 0) return false;
      for (const one of call.participants)
        await tx.query(
          'UPDATE participants SET state = ?, device_id = ?, session_id = ?, joined_at = ?, left_at = ?, gone_at = ? WHERE call_id = ? AND user_id = ?',
          [one.state, one.deviceId, one.sessionId, one.joinedAt, one.leftAt, one.goneAt, callId, one.userId],
        );
      if (!isLive(call)) await tx.query('DELETE FROM engagements WHERE call_id = ?', [callId]);
      await insertFacts(tx, facts);
      return true;
    });
  }

  async liveCallOf(userId: UserId): Promise<Call | undefined> {
    const [call] = await this.load('SELECT call_id FROM engagements WHERE user_id = ?', [userId]);
    // It may have ended between the two reads.
    return call !== undefined && isLive(call) ? call : undefined;
  }

  overdue(now: number, limit: number): Promise<Call[]> {
    return this.load(
      'SELECT call_id FROM calls WHERE deadline_at > 0 AND deadline_at <= ? ORDER BY deadline_at LIMIT ?',
      [now, limit],
    );
  }

  unheard(createdUntil: number, limit: number): Promise<Call[]> {
    // From the engagements: only live calls are there, so this stays small however many calls there were.
    return this.load(
      "SELECT DISTINCT c.call_id, c.created_at FROM engagements e JOIN calls c ON c.call_id = e.call_id JOIN participants p ON p.call_id = c.call_id WHERE c.state = 'ringing' AND p.state = 'invited' AND c.created_at <= ? ORDER BY c.created_at LIMIT ?",
      [createdUntil, limit],
    );
  }

  async list(userId: UserId, activeOnly: boolean, { cursor, limit }: PageRequest): Promise<Page<Call>> {
    // Ids grow with time.
    const before = cursor === undefined ? '' : 'AND call_id < ?';
    const found = await this.load(
      `SELECT call_id FROM ${activeOnly ? 'engagements' : 'participants'} WHERE user_id = ? ${before} ORDER BY call_id DESC LIMIT ?`,
      [userId, ...(cursor === undefined ? [] : [cursor]), limit + 1],
    );
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last !== undefined ? { nextCursor: last.callId } : {}) };
  }

  private async tryBegin(
    tx: EntityManager,
    call: Call,
    idempotencyKey: string,
    facts: readonly CallFact[],
  ): Promise<BeginOutcome> {
    const key = idempotencyKey === '' ? null : idempotencyKey;
    const [first]: Row[] = await tx.query('SELECT call_id FROM calls WHERE caller_id = ? AND idempotency_key = ?', [
      call.callerId,
      key,
    ]);
    if (first !== undefined) {
      const [known] = await loadBy(tx, [String(first['call_id'])]);
      if (known !== undefined) return { is: 'repeated', call: known };
    }
    // ORDER: by user id, so that two who call each other at once wait for each other in one direction only.
    const people = isLive(call) ? call.participants.map((one) => one.userId).sort() : [];
    for (const userId of people) {
      const [engaged]: Row[] = await tx.query('SELECT call_id FROM engagements WHERE user_id = ?', [userId]);
      if (engaged !== undefined) return { is: 'engaged', userId };
    }
    for (const userId of people)
      await tx.query('INSERT INTO engagements (user_id, call_id) VALUES (?, ?)', [userId, call.callId]);
    const values = [...callValues(call), key];
    await tx.query(`INSERT INTO calls (${CALL_COLUMNS}, idempotency_key) VALUES (${marks(values.length)})`, values);
    for (const [place, one] of call.participants.entries()) {
      const row = participantValues(call, one, place);
      await tx.query(`INSERT INTO participants (${PARTICIPANT_COLUMNS}) VALUES (${marks(row.length)})`, row);
    }
    await insertFacts(tx, facts);
    return { is: 'begun' };
  }

  /** Calls by a statement that names them, in its order. */
  private async load(statement: string, values: unknown[]): Promise<Call[]> {
    const rows: Row[] = await this.database.read.query(statement, values);
    return loadBy(
      this.database.read,
      rows.map((row) => String(row['call_id'])),
    );
  }
}

async function loadBy(from: EntityManager, ids: readonly string[]): Promise<Call[]> {
  if (ids.length === 0) return [];
  const named = `call_id IN (${marks(ids.length)})`;
  // One statement: two could see two versions of one call.
  const rows: Row[] = await from.query(
    `SELECT ${qualified('c', CALL_COLUMNS)}, ${qualified('p', PARTICIPANT_COLUMNS)} FROM calls c JOIN participants p ON p.call_id = c.call_id WHERE c.${named} ORDER BY p.place`,
    [...ids],
  );
  const byId = new Map<string, { row: Row; participants: Participant[] }>();
  for (const row of rows) {
    const call = part('c', row);
    const known = byId.get(String(call['call_id'])) ?? { row: call, participants: [] };
    known.participants.push(participantOf(part('p', row)));
    byId.set(String(call['call_id']), known);
  }
  return ids.flatMap((id) => {
    const known = byId.get(id);
    return known === undefined ? [] : [callOf(known.row, known.participants)];
  });
}

const qualified = (table: string, columns: string) =>
  columns
    .split(', ')
    .map((column) => `${table}.${column} AS ${table}_${column}`)
    .join(', ');

const part = (table: string, row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      name.startsWith(`${table}_`) ? [[name.slice(table.length + 1), value]] : [],
    ),
  );

async function insertFacts(tx: EntityManager, facts: readonly CallFact[]): Promise<void> {
  const rows = facts.map((fact) => [fact.changeId, fact.conversationId, fact.actorId, fact.type, fact.dataJson]);
  await insertRows(tx, 'pending_facts', ['change_id', 'conversation_id', 'actor_id', 'type', 'data'], rows);
}
