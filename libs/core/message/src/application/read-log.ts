import type { EventRow } from '../domain/log-rows.js';
import { visibleFrom } from '../domain/log-rows.js';
import { placeOf } from '../domain/message-id.js';
import { conversationNotFound, messageNotFound } from '../domain/message.errors.js';
import { LogReader, type Membership } from '../ports/log-reader.js';
import { asReadBy } from './as-read-by.js';

/** The actor's membership, or `conversation.not_found`: absent and forbidden answer alike. */
export async function membershipOf(reader: LogReader, actorId: string, conversationId: string): Promise<Membership> {
  const [membership] = await reader.memberships(actorId, [conversationId]);
  if (membership === undefined) throw conversationNotFound();
  return membership;
}

/** An event with the message that it is about, where it is an edit or a recall. */
export interface LogEvent {
  row: EventRow;
  subject: EventRow | undefined;
  /** The reader hid the message: it keeps its place in their log, without content. */
  hidden: boolean;
}

/**
 * Joins edits and recalls to the current state of their messages, as this user may see it, with two more reads for a page (three
 * where a message has very many reactions).
 * @param fromSeq the first that the user may read: what was said before it stays unsaid, also when it changes later.
 */
export async function asSeenBy(
  reader: LogReader,
  userId: string,
  rows: readonly EventRow[],
  fromSeq: number,
): Promise<LogEvent[]> {
  const here = new Map(rows.map((row) => [row.seq, row]));
  const aboutMessage = (row: EventRow) => row.messageType === '' && row.refSeq !== 0;
  const missing = [...new Set(rows.filter(aboutMessage).map((row) => row.refSeq))].filter((seq) => !here.has(seq));
  const first = rows[0];
  if (first !== undefined && missing.length > 0)
    for (const row of await reader.eventsAt(first.conversationNo, missing)) here.set(row.seq, row);
  const messageSeqOf = (row: EventRow) => (aboutMessage(row) ? row.refSeq : row.seq);
  const hidden =
    first === undefined
      ? new Set<number>()
      : await reader.hiddenSeqs(userId, first.conversationNo, rows.map(messageSeqOf));
  return (await asReadBy(reader, userId, rows)).map((row) => ({
    row,
    subject: aboutMessage(row) ? here.get(row.refSeq) : undefined,
    hidden: hidden.has(messageSeqOf(row)) || messageSeqOf(row) < fromSeq,
  }));
}

export class GetMessage {
  constructor(private readonly reader: LogReader) {}

  async execute(query: {
    actorId: string;
    conversationId: string;
    messageId: string;
  }): Promise<EventRow & { conversation: Membership['conversation'] }> {
    const { conversation, member } = await membershipOf(this.reader, query.actorId, query.conversationId);
    const place = placeOf(query.messageId);
    if (place?.conversationNo !== conversation.no || place.seq < visibleFrom(conversation, member))
      throw messageNotFound();
    const rows = await this.reader.messages({
      conversationNo: conversation.no,
      userId: query.actorId,
      fromSeq: place.seq,
      toSeq: place.seq,
      limit: 1,
      newestFirst: true,
    });
    const [row] = await asReadBy(this.reader, query.actorId, rows);
    if (row === undefined) throw messageNotFound();
    return { ...row, conversation };
  }
}

export class ListEvents {
  constructor(private readonly reader: LogReader) {}

  async execute(query: {
    actorId: string;
    conversationId: string;
    afterSeq: number;
    limit: number;
  }): Promise<{ epoch: string; headSeq: number; events: LogEvent[] }> {
    const { conversation, member } = await membershipOf(this.reader, query.actorId, query.conversationId);
    const first = visibleFrom(conversation, member);
    const rows = await this.reader.events(conversation.no, Math.max(query.afterSeq, first - 1), query.limit);
    return {
      epoch: conversation.epoch,
      headSeq: conversation.headSeq,
      events: await asSeenBy(this.reader, query.actorId, rows, first),
    };
  }
}

export interface Receipts {
  seq: number;
  deliveredCount: number;
  readCount: number;
  cursors: { userId: string; deliveredSeq: number; readSeq: number }[];
}

/** Members beyond which a receipt names nobody, only counts; and beyond which there are no receipts at all. */
export interface ReceiptTiers {
  perMember: number;
  counted: number;
}

export class GetReceipts {
  constructor(
    private readonly messages: GetMessage,
    private readonly reader: LogReader,
    private readonly tiers: ReceiptTiers,
  ) {}

  async execute(query: { actorId: string; conversationId: string; messageId: string }): Promise<Receipts> {
    const message = await this.messages.execute(query);
    const { no, memberCount } = message.conversation;
    if (memberCount > this.tiers.counted) return { seq: message.seq, deliveredCount: 0, readCount: 0, cursors: [] };
    const members = (await this.reader.memberPage(no, '', this.tiers.counted)).filter(
      // Cursors begin at the join: they say nothing of what was sent before it.
      (m) => m.userId !== message.actorId && m.deliveredSeq >= message.seq && m.joinedSeq < message.seq,
    );
    return {
      seq: message.seq,
      deliveredCount: members.length,
      readCount: members.filter((m) => m.readSeq >= message.seq).length,
      cursors:
        memberCount > this.tiers.perMember
          ? []
          : members.map(({ userId, deliveredSeq, readSeq }) => ({ userId, deliveredSeq, readSeq })),
    };
  }
}
