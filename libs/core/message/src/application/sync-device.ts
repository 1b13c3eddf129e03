import { visibleFrom } from '../domain/log-rows.js';
import { LogReader, type Membership } from '../ports/log-reader.js';
import { type ConversationState, ConversationStates } from './conversation-states.js';
import { asSeenBy, type LogEvent } from './read-log.js';

export interface SyncQuery {
  actorId: string;
  cursor: string;
  heads: readonly { conversationId: string; seq: number; epoch: string }[];
  /** Events per page. */
  limit: number;
}

export interface SyncPage {
  conversations: ConversationState[];
  events: { conversationId: string; epoch: string; events: LogEvent[] }[];
  resets: string[];
  removed: string[];
  nextCursor: string;
  caughtUp: boolean;
}

/** More than this is loaded anew by history pages instead of event by event. */
const RESET_AFTER = { known: 10_000, unknown: 1_000 };
const CONVERSATIONS_PER_PAGE = 100;

/** Where a walk through the conversations stands. */
interface Token {
  /** What the device has seen when it names no heads: the log's position at the end of its last sync; -1 for nothing. */
  base: number;
  /** The log's position when this walk began: the base of the next one. */
  target: number;
  /** The conversation to go on with, and the last seq of it that was sent. */
  no: number;
  seq: number;
}

/**
 * Everything a device missed, exactly, in pages: all conversations in the order of their numbers, each from what the device has
 * (its named head, else the base of its cursor) to the head. A client that names heads names them again on every page.
 */
export class SyncDevice {
  constructor(
    private readonly reader: LogReader,
    private readonly states: ConversationStates,
  ) {}

  async execute(query: SyncQuery): Promise<SyncPage> {
    const token = decode(query.cursor) ?? { base: -1, target: await this.reader.position(), no: 0, seq: 0 };
    if (token.target < 0) token.target = await this.reader.position();
    // A device that has seen more than there is: the log was restored from a backup, nothing the device holds is certain.
    const isVoid = token.base > token.target;
    const heads = new Map(query.heads.map((head) => [head.conversationId, head]));
    const page: SyncPage = { conversations: [], events: [], resets: [], removed: [], nextCursor: '', caughtUp: false };
    if (token.no === 0 && token.seq === 0) page.removed.push(...(await this.notMine(query)));
    // A walk that stopped inside a conversation takes it up again: numbers are whole, so "after no - 1" is "from no".
    const all = await this.reader.allMemberships(
      query.actorId,
      token.seq > 0 ? token.no - 1 : token.no,
      CONVERSATIONS_PER_PAGE,
    );
    const shown: Membership[] = [];
    let room = query.limit;
    for (const membership of all) {
      const { conversation, member } = membership;
      const head = heads.get(conversation.conversationId);
      if (member.goneSeq > 0) {
        if (
          head === undefined &&
          token.base >= 0 &&
          member.goneSeq > (await this.reader.seqAt(conversation.no, token.base))
        )
          page.removed.push(conversation.conversationId);
        token.no = conversation.no;
        continue;
      }
      const resuming = token.seq > 0 && conversation.no === token.no;
      if (!resuming) shown.push(membership);
      const known = head !== undefined || token.base >= 0;
      const isVoidHere = head !== undefined && (head.epoch !== conversation.epoch || head.seq > conversation.headSeq);
      const has = resuming
        ? token.seq
        : (head?.seq ?? (token.base >= 0 ? await this.reader.seqAt(conversation.no, token.base) : 0));
      const from = Math.max(has, visibleFrom(conversation, member) - 1);
      const missed = conversation.headSeq - from;
      if (isVoid || isVoidHere || (!resuming && missed > (known ? RESET_AFTER.known : RESET_AFTER.unknown)))
        page.resets.push(conversation.conversationId);
      else if (missed > 0) {
        if (room === 0) {
          // Nothing of this conversation fits any more: the next page begins with it, and shows its state.
          if (!resuming) shown.pop();
          return this.stop(page, query, shown, { ...token, seq: 0 });
        }
        const rows = await this.reader.events(conversation.no, from, Math.min(missed, room));
        room -= rows.length;
        page.events.push({
          conversationId: conversation.conversationId,
          epoch: conversation.epoch,
          events: await asSeenBy(this.reader, query.actorId, rows),
        });
        const last = rows.at(-1)?.seq ?? from;
        if (last < conversation.headSeq)
          return this.stop(page, query, shown, { ...token, no: conversation.no, seq: last });
      }
      token.no = conversation.no;
      token.seq = 0;
    }
    if (all.length === CONVERSATIONS_PER_PAGE) return this.stop(page, query, shown, { ...token, seq: 0 });
    page.caughtUp = true;
    return this.stop(page, query, shown, { base: token.target, target: -1, no: 0, seq: 0 });
  }

  /** Conversations that the device holds and the user is not in, whether they left them or the store does not know them (any more). */
  private async notMine({ actorId, heads }: SyncQuery): Promise<string[]> {
    const ids = heads.map((head) => head.conversationId);
    const mine = new Set(
      (await this.reader.memberships(actorId, ids)).map(({ conversation }) => conversation.conversationId),
    );
    return ids.filter((id) => !mine.has(id));
  }

  private async stop(page: SyncPage, query: SyncQuery, shown: readonly Membership[], token: Token): Promise<SyncPage> {
    page.conversations = await this.states.of(query.actorId, shown);
    page.nextCursor = [token.base, token.target, token.no, token.seq].join('.');
    return page;
  }
}

function decode(cursor: string): Token | undefined {
  const parts = cursor.split('.').map(Number);
  const [base, target, no, seq] = parts;
  if (
    base === undefined ||
    target === undefined ||
    no === undefined ||
    seq === undefined ||
    parts.length !== 4 ||
    parts.some((part) => !Number.isSafeInteger(part))
  )
    return undefined;
  return { base, target, no, seq };
}
