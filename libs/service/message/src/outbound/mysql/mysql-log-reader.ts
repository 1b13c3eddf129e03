import { marks, SqlLogReader } from '../sql-log-reader.js';
import { isWithin, positionOf, positionText, vectorOf, vectorOfRows } from './positions.js';

/** Writers in the schema. */
const SLOTS = 16;

interface WriterRow {
  term: string | null;
  slot: number;
  commit_no: number;
}

const STATE =
  'SELECT w.slot, w.commit_no, (SELECT term FROM log_terms ORDER BY no DESC LIMIT 1) AS term FROM writers w ORDER BY w.slot';

/**
 * The log on MySQL and MariaDB. A position is the vector of the writers' commit numbers. Commits to one conversation follow each
 * other (they lock its row), so what a vector holds of a conversation has no holes: the newest event that it holds tells it all.
 */
export class MysqlLogReader extends SqlLogReader {
  async position(): Promise<string> {
    const rows = await this.all<WriterRow>(STATE, []);
    return positionText({ term: rows[0]?.term ?? '', vector: vectorOfRows(rows) });
  }

  async holds(position: string): Promise<boolean> {
    const place = positionOf(position);
    if (place === undefined) return false;
    const next = 'SELECT n.since FROM log_terms n WHERE n.no > t.no ORDER BY n.no LIMIT 1';
    const [row] = await this.all<{ upto: string | null }>(
      `SELECT (${next}) AS upto FROM log_terms t WHERE t.term = ?`,
      [place.term],
    );
    if (row === undefined) return false;
    const upto = row.upto === null ? vectorOfRows(await this.all<WriterRow>(STATE, [])) : vectorOf(row.upto);
    return isWithin(place.vector, upto);
  }

  async headsAt(conversationNos: readonly number[], position: string): Promise<ReadonlyMap<number, number>> {
    const vector = positionOf(position)?.vector ?? new Map<number, number>();
    if (conversationNos.length === 0) return new Map();
    const limits = Array.from({ length: SLOTS }, (_, slot) => vector.get(slot) ?? 0);
    const held = (row: string) => `${row}.commit_no <= CAST(ELT(${row}.writer_slot + 1, ${marks(limits)}) AS SIGNED)`;
    // Most have not changed since, and their own row says so; in the others only what was missed is touched, from the head backwards.
    const sql = `SELECT c.no, IF(${held('c')}, c.head_seq,
        (SELECT e.seq FROM events e WHERE e.conversation_no = c.no AND ${held('e')} ORDER BY e.seq DESC LIMIT 1)) AS seq
      FROM conversations c WHERE c.no IN (${marks(conversationNos)})`;
    const rows = await this.all<{ no: number; seq: number | null }>(sql, [...limits, ...limits, ...conversationNos]);
    return new Map(rows.flatMap(({ no, seq }) => (seq === null || seq === 0 ? [] : [[no, seq] as const])));
  }

  protected override async countTails(): Promise<void> {
    // Counts are written with the events that they count.
  }
}
