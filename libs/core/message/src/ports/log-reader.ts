import type { ConversationRow, EventRow, MemberRow } from '../domain/log-rows.js';

export interface Membership {
  conversation: ConversationRow;
  member: MemberRow;
}

export interface MessageRange {
  conversationNo: number;
  /** Messages this user hid are left out. */
  userId: string;
  /** Both inclusive. */
  fromSeq: number;
  toSeq: number;
  limit: number;
  newestFirst: boolean;
}

/** Reads what is committed. Every list is bounded by its `limit`. */
export abstract class LogReader {
  abstract conversation(conversationId: string): Promise<ConversationRow | undefined>;
  /** Current memberships of the user in the named conversations; unknown ones are left out. */
  abstract memberships(userId: string, conversationIds: readonly string[]): Promise<Membership[]>;
  /** Current memberships, latest activity first. `after`: the last one of the page before. */
  abstract recentMemberships(
    userId: string,
    after: { lastActivityAt: number; no: number } | undefined,
    limit: number,
  ): Promise<Membership[]>;
  /** Memberships in the order of conversation numbers, former ones (`goneSeq` > 0) included. */
  abstract allMemberships(userId: string, afterNo: number, limit: number): Promise<Membership[]>;
  abstract messages(range: MessageRange): Promise<EventRow[]>;
  /** Oldest first, from `afterSeq` + 1. */
  abstract events(conversationNo: number, afterSeq: number, limit: number): Promise<EventRow[]>;
  abstract eventsAt(conversationNo: number, seqs: readonly number[]): Promise<EventRow[]>;
  /** When one event in each of some conversations happened, by conversation number; events that are not there are left out. */
  abstract timesAt(places: readonly { no: number; seq: number }[]): Promise<ReadonlyMap<number, number>>;
  /** When events of one conversation happened, by seq; events that are not there are left out. */
  abstract timesOf(conversationNo: number, seqs: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** The user's own reactions to some messages. */
  abstract ownReactions(
    userId: string,
    messages: readonly { no: number; seq: number }[],
  ): Promise<{ no: number; seq: number; emoji: string }[]>;
  /** Pinned messages from `fromSeq` on, newest pin first, without those that the user hid. There are at most `MAX_PINS`. */
  abstract pinned(conversationNo: number, userId: string, fromSeq: number): Promise<EventRow[]>;
  /**
   * What the user hid in some conversations when their head was at `seq` or later, or at `since` (a time) or later; in the order of
   * conversation numbers and seqs, and at most `limit`.
   */
  abstract hiddenSince(
    userId: string,
    heads: readonly { no: number; seq: number }[],
    since: number,
    limit: number,
  ): Promise<{ no: number; seq: number }[]>;
  /** Of the named messages, those that the user hid. */
  abstract hiddenSeqs(userId: string, conversationNo: number, seqs: readonly number[]): Promise<ReadonlySet<number>>;
  /** Of the named users, the current members. */
  abstract members(conversationNo: number, userIds: readonly string[]): Promise<MemberRow[]>;
  /** Current members in the order of user ids. */
  abstract memberPage(conversationNo: number, afterUserId: string, limit: number): Promise<MemberRow[]>;
  /** How often the user is mentioned after the read cursor of each membership, by conversation number. */
  abstract mentionCounts(userId: string, memberships: readonly Membership[]): Promise<Map<number, number>>;
  /** A state of the whole log, as text of its own: letters, digits, `-` and `_`. */
  abstract position(): Promise<string>;
  /**
   * Whether this log still holds everything that it held at `position`. False when the position is of another store, or of a
   * history that was undone because the store was put back to a backup.
   */
  abstract holds(position: string): Promise<boolean>;
  /** Heads of the conversations when `position` (which this log holds) was answered; those without an event then are left out. */
  abstract headsAt(conversationNos: readonly number[], position: string): Promise<ReadonlyMap<number, number>>;
}
