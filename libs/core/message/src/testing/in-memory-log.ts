import type { DomainError } from '@parley/kernel';
import { applyChanges, type ChangeOutcome } from '../domain/apply-changes.js';
import type { LogChange } from '../domain/changes/change.js';
import type { MessageWindows } from '../domain/changes/windows.js';
import { sendKey } from '../domain/changes/send.js';
import type { ConversationRow, EventRow, MemberRow } from '../domain/log-rows.js';
import { placeOf } from '../domain/message-id.js';
import type { Pin, ReactionKey } from '../domain/marks-in-set.js';
import { EVERYBODY, type Hidden, type KnownSend, type Mention, WorkingSet } from '../domain/working-set.js';
import { ConversationLog } from '../ports/conversation-log.js';
import { LogReader, type Membership, type MessageRange } from '../ports/log-reader.js';

let stores = 0;

/** Both ports over plain arrays. Loads copies and writes back what is dirty, as a store does. */
export class InMemoryLog extends LogReader {
  private readonly id = `memory-${++stores}`;
  private readonly conversations: ConversationRow[] = [];
  private readonly memberRows = new Map<string, MemberRow>();
  private readonly eventRows: EventRow[] = [];
  private readonly sends = new Map<string, KnownSend>();
  private readonly facts = new Map<string, number>();
  private mentions: Mention[] = [];
  private readonly hidden: Hidden[] = [];
  private readonly reactions = new Map<string, ReactionKey>();
  private readonly pins = new Map<string, Pin>();
  readonly log: ConversationLog;

  constructor(now: () => number, windows: MessageWindows) {
    super();
    this.log = new (class extends ConversationLog {
      constructor(private readonly store: InMemoryLog) {
        super();
      }
      commit(changes: readonly LogChange[]): Promise<(ChangeOutcome | DomainError)[]> {
        return Promise.resolve(this.store.commit(changes, now(), windows));
      }
    })(this);
  }

  private commit(changes: readonly LogChange[], now: number, windows: MessageWindows): (ChangeOutcome | DomainError)[] {
    const set = new WorkingSet();
    for (const change of changes) this.load(set, change);
    const outcomes = applyChanges(set, changes, now, windows);
    for (const row of set.countedConversations.union(set.decidedConversations)) this.conversations[row.no - 1] = row;
    for (const row of set.countedMembers.union(set.decidedMembers))
      this.memberRows.set(`${row.conversationNo}/${row.userId}`, row);
    for (const row of set.changedMessages)
      this.eventRows[this.eventRows.findIndex((e) => e.conversationNo === row.conversationNo && e.seq === row.seq)] =
        row;
    this.eventRows.push(...set.newEvents.map((row) => ({ ...row })));
    for (const [key, send] of set.newSends) this.sends.set(key, send);
    for (const [id, fact] of set.newFacts) this.facts.set(id, fact.seq);
    this.mentions = this.mentions.filter(
      (row) =>
        !set.goneMentions.some(
          ({ conversationNo, userId, seq }) =>
            row.conversationNo === conversationNo && row.userId === userId && row.seq === seq,
        ),
    );
    this.mentions.push(...set.newMentions);
    this.keepMarks(set);
    this.hidden.push(...set.newHidden);
    return outcomes;
  }

  private keepMarks({ marks }: WorkingSet): void {
    for (const { conversationNo, messageSeq } of marks.cleared.values())
      for (const [key, row] of this.reactions)
        if (row.conversationNo === conversationNo && row.messageSeq === messageSeq) this.reactions.delete(key);
    for (const key of marks.goneReactions.keys()) this.reactions.delete(key);
    for (const [key, row] of marks.newReactions) this.reactions.set(key, row);
    for (const key of marks.gonePins.keys()) this.pins.delete(key);
    for (const [key, row] of marks.newPins) this.pins.set(key, row);
  }

  private loadMarks(set: WorkingSet, change: LogChange, no: number): void {
    for (const row of this.reactions.values()) if (row.conversationNo === no) set.marks.loadReaction(row);
    for (const row of this.hidden)
      if (row.conversationNo === no) set.loadHidden(row.conversationNo, row.userId, row.seq);
    if (change.kind === 'pin')
      set.marks.loadPinCount(no, [...this.pins.values()].filter((pin) => pin.conversationNo === no).length);
  }

  private load(set: WorkingSet, change: LogChange): void {
    if (!set.conversations.has(change.conversationId)) {
      let row = this.conversations.find((c) => c.conversationId === change.conversationId);
      if (row === undefined && change.kind === 'fact' && change.fact.is === 'created') {
        const { kind, epoch, historyBeforeJoin } = change.fact;
        row = {
          no: this.conversations.length + 1,
          conversationId: change.conversationId,
          kind,
          epoch,
          historyBeforeJoin,
          adminsOnly: false,
          headSeq: 0,
          messageCount: 0,
          lastMessageSeq: 0,
          lastActivityAt: 0,
          memberCount: 0,
          disbanded: false,
        };
        this.conversations.push(row);
      }
      if (row !== undefined) set.loadConversation({ ...row });
    }
    const no = set.conversations.get(change.conversationId)?.no ?? 0;
    for (const row of this.memberRows.values())
      if (row.conversationNo === no && set.member(no, row.userId) === undefined) set.loadMember({ ...row });
    const seqs =
      change.kind === 'cursor'
        ? [Math.min(change.readSeq, set.conversations.get(change.conversationId)?.headSeq ?? 0)]
        : [placeOf('messageId' in change ? change.messageId : 'replyTo' in change ? change.replyTo : '')?.seq ?? 0];
    for (const row of this.eventRows)
      if (row.conversationNo === no && seqs.includes(row.seq) && set.event(no, row.seq) === undefined)
        set.loadEvent({ ...row });
    this.loadMarks(set, change, no);
    if (change.kind === 'cursor') {
      const after = seqs[0] ?? 0;
      set.loadOwnSends(
        no,
        change.userId,
        after,
        this.eventRows.filter(
          (e) => e.conversationNo === no && e.seq > after && e.actorId === change.userId && e.messageType !== '',
        ).length,
      );
    }
    if (change.kind === 'send') {
      const known = this.sends.get(sendKey(change));
      if (known !== undefined) set.loadSend(sendKey(change), known);
    }
    if (change.kind === 'fact') {
      const seq = this.facts.get(change.changeId);
      if (seq !== undefined) set.loadFact(change.changeId, seq);
    }
  }

  async conversation(conversationId: string): Promise<ConversationRow | undefined> {
    return this.conversations.find((row) => row.conversationId === conversationId);
  }

  async memberships(userId: string, conversationIds: readonly string[]): Promise<Membership[]> {
    return this.of(userId).filter(
      ({ conversation, member }) => member.goneSeq === 0 && conversationIds.includes(conversation.conversationId),
    );
  }

  async recentMemberships(
    userId: string,
    after: { lastActivityAt: number; no: number } | undefined,
    limit: number,
  ): Promise<Membership[]> {
    type Place = { lastActivityAt: number; no: number };
    const later = (a: Place, b: Place) => b.lastActivityAt - a.lastActivityAt || b.no - a.no;
    return this.of(userId)
      .filter(
        ({ conversation, member }) => member.goneSeq === 0 && (after === undefined || later(conversation, after) > 0),
      )
      .sort((a, b) => later(a.conversation, b.conversation))
      .slice(0, limit);
  }

  async allMemberships(userId: string, afterNo: number, limit: number): Promise<Membership[]> {
    return this.of(userId)
      .filter(({ conversation }) => conversation.no > afterNo)
      .slice(0, limit);
  }

  async messages(range: MessageRange): Promise<EventRow[]> {
    const hidden = this.hiddenBy(range.userId, range.conversationNo);
    const rows = this.eventRows.filter(
      (e) =>
        e.conversationNo === range.conversationNo &&
        e.messageType !== '' &&
        e.seq >= range.fromSeq &&
        e.seq <= range.toSeq &&
        !hidden.has(e.seq),
    );
    return rows.sort((a, b) => (range.newestFirst ? b.seq - a.seq : a.seq - b.seq)).slice(0, range.limit);
  }

  async events(conversationNo: number, afterSeq: number, limit: number): Promise<EventRow[]> {
    return this.eventRows.filter((e) => e.conversationNo === conversationNo && e.seq > afterSeq).slice(0, limit);
  }

  async eventsAt(conversationNo: number, seqs: readonly number[]): Promise<EventRow[]> {
    return this.eventRows.filter((e) => e.conversationNo === conversationNo && seqs.includes(e.seq));
  }

  async hiddenSeqs(userId: string, conversationNo: number): Promise<ReadonlySet<number>> {
    return this.hiddenBy(userId, conversationNo);
  }

  async timesOf(conversationNo: number, seqs: readonly number[]): Promise<ReadonlyMap<number, number>> {
    return new Map((await this.eventsAt(conversationNo, seqs)).map((e) => [e.seq, e.at]));
  }

  async ownReactions(
    userId: string,
    messages: readonly { no: number; seq: number }[],
  ): Promise<{ no: number; seq: number; emoji: string }[]> {
    return [...this.reactions.values()].flatMap((row) =>
      row.userId === userId && messages.some(({ no, seq }) => no === row.conversationNo && seq === row.messageSeq)
        ? [{ no: row.conversationNo, seq: row.messageSeq, emoji: row.emoji }]
        : [],
    );
  }

  async pinned(conversationNo: number, userId: string, fromSeq: number): Promise<EventRow[]> {
    const hidden = this.hiddenBy(userId, conversationNo);
    const pins = [...this.pins.values()].filter((pin) => pin.conversationNo === conversationNo);
    return pins
      .sort((a, b) => b.pinnedSeq - a.pinnedSeq)
      .flatMap((pin) => this.eventRows.filter((e) => e.conversationNo === conversationNo && e.seq === pin.messageSeq))
      .filter((row) => row.seq >= fromSeq && !hidden.has(row.seq));
  }

  async hiddenSince(
    userId: string,
    heads: readonly { no: number; seq: number }[],
    since: number,
    limit: number,
  ): Promise<{ no: number; seq: number }[]> {
    return this.hidden
      .filter((row) => {
        const head = heads.find(({ no }) => no === row.conversationNo);
        return row.userId === userId && head !== undefined && (row.atSeq >= head.seq || row.at >= since);
      })
      .map(({ conversationNo: no, seq }) => ({ no, seq }))
      .sort((a, b) => a.no - b.no || a.seq - b.seq)
      .slice(0, limit);
  }

  private hiddenBy(userId: string, conversationNo: number): ReadonlySet<number> {
    const own = this.hidden.filter((h) => h.userId === userId && h.conversationNo === conversationNo);
    return new Set(own.map((h) => h.seq));
  }

  async members(conversationNo: number, userIds: readonly string[]): Promise<MemberRow[]> {
    return [...this.memberRows.values()].filter(
      (m) => m.conversationNo === conversationNo && m.goneSeq === 0 && userIds.includes(m.userId),
    );
  }

  async memberPage(conversationNo: number, afterUserId: string, limit: number): Promise<MemberRow[]> {
    const rows = [...this.memberRows.values()].filter(
      (m) => m.conversationNo === conversationNo && m.goneSeq === 0 && m.userId > afterUserId,
    );
    return rows.sort((a, b) => (a.userId < b.userId ? -1 : 1)).slice(0, limit);
  }

  async mentionCounts(userId: string, memberships: readonly Membership[]): Promise<Map<number, number>> {
    return new Map(
      memberships.map(({ conversation, member }) => [
        conversation.no,
        this.mentions.filter(
          (m) =>
            (m.userId === userId || (m.userId === EVERYBODY && m.senderId !== userId)) &&
            m.conversationNo === conversation.no &&
            m.seq > member.readSeq,
        ).length,
      ]),
    );
  }

  async position(): Promise<string> {
    return `${this.id}_${this.eventRows.length}`;
  }

  async holds(position: string): Promise<boolean> {
    const [id, length] = position.split('_');
    return id === this.id && Number(length) <= this.eventRows.length;
  }

  async timesAt(places: readonly { no: number; seq: number }[]): Promise<ReadonlyMap<number, number>> {
    const found = this.eventRows.filter((e) => places.some(({ no, seq }) => e.conversationNo === no && e.seq === seq));
    return new Map(found.map((e) => [e.conversationNo, e.at]));
  }

  async headsAt(conversationNos: readonly number[], position: string): Promise<ReadonlyMap<number, number>> {
    const then = this.eventRows.slice(0, Number(position.split('_')[1]));
    return new Map(
      then.filter((e) => conversationNos.includes(e.conversationNo)).map((e) => [e.conversationNo, e.seq]),
    );
  }

  private of(userId: string): Membership[] {
    return this.conversations.flatMap((conversation) => {
      const member = this.memberRows.get(`${conversation.no}/${userId}`);
      return member === undefined ? [] : [{ conversation, member }];
    });
  }
}
