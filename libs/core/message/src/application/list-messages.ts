import type { EventRow } from '../domain/log-rows.js';
import { visibleFrom } from '../domain/log-rows.js';
import { placeOf } from '../domain/message-id.js';
import { LogReader } from '../ports/log-reader.js';
import { asReadBy } from './as-read-by.js';
import { membershipOf } from './read-log.js';

export interface ListMessagesQuery {
  actorId: string;
  conversationId: string;
  beforeSeq: number;
  afterSeq: number;
  oldestFirst: boolean;
  /** Instead of a seq: from the first message at or after this time, oldest first. 0 for none. */
  fromAt: number;
  limit: number;
}

export class ListMessages {
  constructor(private readonly reader: LogReader) {}

  async execute(query: ListMessagesQuery): Promise<{ messages: EventRow[]; hasMore: boolean }> {
    const { conversation, member } = await membershipOf(this.reader, query.actorId, query.conversationId);
    const first = Math.max(query.afterSeq + 1, visibleFrom(conversation, member));
    const last = query.beforeSeq === 0 ? conversation.headSeq : query.beforeSeq - 1;
    const rows = await this.reader.messages({
      conversationNo: conversation.no,
      userId: query.actorId,
      fromSeq: query.fromAt === 0 ? first : await this.firstSince(conversation.no, first, last, query.fromAt),
      toSeq: last,
      limit: query.limit + 1,
      newestFirst: !query.oldestFirst && query.fromAt === 0,
    });
    const messages = await asReadBy(this.reader, query.actorId, rows.slice(0, query.limit));
    return { messages, hasMore: rows.length > query.limit };
  }

  /**
   * The first seq whose event is not older than a time; `last` + 1 where all are. By halving in many places at once: seqs have no
   * holes, so a million events are four reads of a few rows each, and the log needs no index by time. Where clocks were put back,
   * it is one of the places where the time was passed.
   */
  private async firstSince(conversationNo: number, first: number, last: number, at: number): Promise<number> {
    let from = first;
    let to = last + 1;
    while (from < to) {
      const step = Math.max(1, Math.floor((to - from) / PROBES));
      const seqs: number[] = [];
      for (let seq = from; seq < to; seq += step) seqs.push(seq);
      const times = await this.reader.timesOf(conversationNo, seqs);
      const reached = seqs.find((seq) => (times.get(seq) ?? Infinity) >= at);
      const before = seqs.findLast((seq) => reached === undefined || seq < reached);
      if (reached !== undefined) to = reached;
      from = before === undefined ? to : before + 1;
    }
    return to;
  }
}

const PROBES = 32;

/** Messages by their ids, for what refers to them (replies). Those that the reader may not see are left out. */
export class GetMessages {
  constructor(private readonly reader: LogReader) {}

  async execute(query: {
    actorId: string;
    conversationId: string;
    messageIds: readonly string[];
  }): Promise<EventRow[]> {
    const { conversation, member } = await membershipOf(this.reader, query.actorId, query.conversationId);
    const from = visibleFrom(conversation, member);
    const places = query.messageIds.flatMap((messageId) => placeOf(messageId) ?? []);
    const here = places.filter((place) => place.conversationNo === conversation.no && place.seq >= from);
    const seqs = [...new Set(here.map(({ seq }) => seq))];
    const [rows, hidden] = await Promise.all([
      this.reader.eventsAt(conversation.no, seqs),
      this.reader.hiddenSeqs(query.actorId, conversation.no, seqs),
    ]);
    const visible = rows.filter((row) => row.messageType !== '' && !hidden.has(row.seq));
    return asReadBy(
      this.reader,
      query.actorId,
      visible.sort((a, b) => a.seq - b.seq),
    );
  }
}

export class ListPins {
  constructor(private readonly reader: LogReader) {}

  async execute(query: { actorId: string; conversationId: string }): Promise<EventRow[]> {
    const { conversation, member } = await membershipOf(this.reader, query.actorId, query.conversationId);
    const rows = await this.reader.pinned(conversation.no, query.actorId, visibleFrom(conversation, member));
    return asReadBy(this.reader, query.actorId, rows);
  }
}
