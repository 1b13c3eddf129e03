import { visibleFrom } from '../domain/log-rows.js';
import { LogReader, type Membership } from '../ports/log-reader.js';
import { type ConversationState, ConversationStates } from './conversation-states.js';
import { type HiddenPlace, hiddenSince } from './hidden-since.js';
import { asSeenBy, type LogEvent } from './read-log.js';

type Head = SyncQuery['heads'][number];

export interface SyncQuery {
  actorId: string;
  cursor: string;
  /** `at`: time of the event at `seq`, 0 where the device does not say. */
  heads: readonly { conversationId: string; seq: number; epoch: string; at: number }[];
  /** Events per page. */
  limit: number;
}

export interface SyncPage {
  conversations: ConversationState[];
  events: { conversationId: string; epoch: string; events: LogEvent[] }[];
  resets: string[];
  removed: string[];
  /** What the user deleted for themselves since. */
  hidden: HiddenPlace[];
  nextCursor: string;
  caughtUp: boolean;
}

/** More than this is loaded anew by history pages instead of event by event. */
const RESET_AFTER = { known: 10_000, unknown: 1_000 };
const CONVERSATIONS_PER_PAGE = 100;
/** Pushes of hidden messages that got lost are lost within this; then their sockets have come back. */
const HIDDEN_AGAIN_MS = 3_600_000;

/** Where a walk through the conversations stands. */
interface Token {
  /** What the device has seen when it names no heads: the log's position at the start of its last walk; empty for nothing. */
  base: string;
  /** The log's position when this walk began: the base of the next one. Empty before it begins. */
  target: string;
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
    private readonly now: () => number,
  ) {}

  async execute(query: SyncQuery): Promise<SyncPage> {
    const token = decode(query.cursor) ?? { base: '', target: '', no: 0, seq: 0 };
    if (token.target === '') token.target = await this.reader.position();
    // A device that has seen what this log never held: the log was restored or replaced, nothing the device holds is certain.
    const isVoid = token.base !== '' && !(await this.reader.holds(token.base));
    const heads = new Map(query.heads.map((head) => [head.conversationId, head]));
    const page: SyncPage = {
      conversations: [],
      events: [],
      resets: [],
      removed: [],
      hidden: [],
      nextCursor: '',
      caughtUp: false,
    };
    if (token.no === 0 && token.seq === 0) page.removed.push(...(await this.notMine(query)));
    // A walk that stopped inside a conversation takes it up again: numbers are whole, so "after no - 1" is "from no".
    const all = await this.reader.allMemberships(
      query.actorId,
      token.seq > 0 ? token.no - 1 : token.no,
      CONVERSATIONS_PER_PAGE,
    );
    const unnamed = all.filter(({ conversation }) => !heads.has(conversation.conversationId));
    const seen =
      token.base === '' || isVoid
        ? new Map<number, number>()
        : await this.reader.headsAt(
            unnamed.map(({ conversation }) => conversation.no),
            token.base,
          );
    const undone = await this.undone(all, heads);
    const shown: Membership[] = [];
    /** What the device has of each, by conversation number. */
    const had = new Map<number, number>();
    let room = query.limit;
    for (const membership of all) {
      const { conversation, member } = membership;
      const head = heads.get(conversation.conversationId);
      if (member.goneSeq > 0) {
        if (head === undefined && token.base !== '' && member.goneSeq > (seen.get(conversation.no) ?? 0))
          page.removed.push(conversation.conversationId);
        token.no = conversation.no;
        continue;
      }
      const resuming = token.seq > 0 && conversation.no === token.no;
      if (!resuming) shown.push(membership);
      const known = head !== undefined || token.base !== '';
      const isVoidHere =
        head !== undefined &&
        (head.epoch !== conversation.epoch || head.seq > conversation.headSeq || undone.has(conversation.no));
      const has = resuming ? token.seq : (head?.seq ?? seen.get(conversation.no) ?? 0);
      if (!resuming) had.set(conversation.no, has);
      const first = visibleFrom(conversation, member);
      const from = Math.max(has, first - 1);
      const missed = conversation.headSeq - from;
      if (isVoid || isVoidHere || (!resuming && missed > (known ? RESET_AFTER.known : RESET_AFTER.unknown)))
        page.resets.push(conversation.conversationId);
      else if (missed > 0) {
        if (room === 0) {
          // Nothing of this conversation fits any more: the next page begins with it, and shows its state.
          if (!resuming) shown.pop();
          return this.stop(page, query, { shown, had }, { ...token, seq: 0 });
        }
        const rows = await this.reader.events(conversation.no, from, Math.min(missed, room));
        room -= rows.length;
        page.events.push({
          conversationId: conversation.conversationId,
          epoch: conversation.epoch,
          events: await asSeenBy(this.reader, query.actorId, rows, first),
        });
        const last = rows.at(-1)?.seq ?? from;
        if (last < conversation.headSeq)
          return this.stop(page, query, { shown, had }, { ...token, no: conversation.no, seq: last });
      }
      token.no = conversation.no;
      token.seq = 0;
    }
    if (all.length === CONVERSATIONS_PER_PAGE) return this.stop(page, query, { shown, had }, { ...token, seq: 0 });
    page.caughtUp = true;
    return this.stop(page, query, { shown, had }, { base: token.target, target: '', no: 0, seq: 0 });
  }

  /**
   * Conversations in which another event stands where the device has its last one: the log was put back to a backup and has grown
   * past the device since. No seq shows that.
   */
  private async undone(all: readonly Membership[], heads: ReadonlyMap<string, Head>): Promise<ReadonlySet<number>> {
    const places = all.flatMap(({ conversation: { no, conversationId, headSeq } }) => {
      const head = heads.get(conversationId);
      return head === undefined || head.at === 0 || head.seq === 0 || head.seq > headSeq ? [] : [{ no, ...head }];
    });
    const times = await this.reader.timesAt(places);
    return new Set(places.flatMap(({ no, at }) => (times.get(no) === at ? [] : [no])));
  }

  /** Conversations that the device holds and the user is not in, whether they left them or the store does not know them (any more). */
  private async notMine({ actorId, heads }: SyncQuery): Promise<string[]> {
    const ids = heads.map((head) => head.conversationId);
    const mine = new Set(
      (await this.reader.memberships(actorId, ids)).map(({ conversation }) => conversation.conversationId),
    );
    return ids.filter((id) => !mine.has(id));
  }

  private async stop(
    page: SyncPage,
    query: SyncQuery,
    { shown, had }: { shown: readonly Membership[]; had: ReadonlyMap<number, number> },
    token: Token,
  ): Promise<SyncPage> {
    const anew = new Set(page.resets);
    const kept = shown.filter(({ conversation }) => !anew.has(conversation.conversationId));
    const since = this.now() - HIDDEN_AGAIN_MS;
    const { hidden, resets } = await hiddenSince(this.reader, query.actorId, kept, had, since);
    page.hidden = hidden;
    page.resets.push(...resets);
    // A conversation that is loaded anew needs no events.
    page.events = page.events.filter(({ conversationId }) => !resets.includes(conversationId));
    page.conversations = await this.states.of(query.actorId, shown);
    page.nextCursor = [token.base || NONE, token.target || NONE, token.no, token.seq].join('.');
    return page;
  }
}

/** Stands for no position. */
const NONE = '-1';

function decode(cursor: string): Token | undefined {
  const match = /^([\w-]{1,400})\.([\w-]{1,400})\.(\d{1,15})\.(\d{1,15})$/.exec(cursor);
  if (match === null) return undefined;
  const [, base = NONE, target = NONE, no, seq] = match;
  const place = (text: string) => (text === NONE ? '' : text);
  return { base: place(base), target: place(target), no: Number(no), seq: Number(seq) };
}
