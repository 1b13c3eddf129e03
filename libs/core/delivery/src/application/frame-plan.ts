import {
  type Appended,
  type AppendedEvent,
  conversationPayload,
  eventsPayload,
  eventsSinceJoin,
  joinSeqOf,
  withoutContent,
} from '../domain/appended.js';
import type { MemberList } from '../domain/member-list.js';
import { type Outgoing, toUsers } from '../domain/outgoing.js';

/** Events of one payload: a burst in one conversation becomes few frames, but none so large that it holds up a socket. */
const MAX_MERGED = 50;
const TO_ALL = { joinedAfter: 0, joinedUntil: 0 };

/** Records of one conversation that go to the same people, on their way to become one frame. */
interface Frame {
  record: Appended;
  list: MemberList;
  events: readonly AppendedEvent[];
  recipients: readonly string[];
}

/**
 * Turns consumed records into what goes out. ORDER: within a conversation as in the log; a joined user hears of the conversation
 * before its events, a removed one gets none of the events of the commit that removed it.
 */
export class FramePlan {
  private readonly planned: Outgoing[] = [];
  /** The frame of each conversation that later records may still join. */
  private readonly open = new Map<string, Frame>();

  add(record: Appended, list: MemberList): void {
    if (record.joinedUserIds.length > 0 || record.goneUserIds.length > 0) this.change(record, list);
    else if (record.events.length > 0) this.append(record, list);
    list.follow(record.events.at(-1)?.seq ?? 0);
  }

  /** Everything planned. Nothing can be added afterwards. */
  outgoing(): readonly Outgoing[] {
    for (const frame of this.open.values()) this.close(frame);
    return this.planned;
  }

  private append(record: Appended, list: MemberList): void {
    const { conversationId, epoch, events } = record;
    const recipients = list.recipientsAt((events[0] as AppendedEvent).seq);
    const frame = this.open.get(conversationId);
    if (frame !== undefined) {
      const same = frame.recipients === recipients && frame.record.epoch === epoch;
      if (same && frame.events.length + events.length <= MAX_MERGED) {
        frame.events = [...frame.events, ...events];
        return;
      }
      this.close(frame);
    }
    this.open.set(conversationId, { record, list, events, recipients });
  }

  private change(record: Appended, list: MemberList): void {
    const { conversationId, events } = record;
    const seq = events.at(-1)?.seq ?? list.asOf;
    const before = this.open.get(conversationId);
    if (before !== undefined) this.close(before);
    this.open.delete(conversationId);

    const first = events[0];
    const last = events.at(-1);
    const others = new Set([...record.joinedUserIds, ...record.goneUserIds]);
    const present = first === undefined ? [] : list.recipientsAt(first.seq).filter((id) => !others.has(id));
    const isPast = last !== undefined && list.isReadAfter(last.at);
    const joined = isPast ? list.confirmed(record.joinedUserIds, last.seq) : joinedBy(record, list);
    const gone = record.goneUserIds.filter((id) => !joined.includes(id));
    if (!isPast) list.change(joined, gone, (userId) => joinSeqOf(events, userId));

    const about = conversationPayload(conversationId, seq);
    if (gone.length > 0) this.planned.push(toUsers(gone, 'conversation:removed', about, conversationId, seq));
    if (joined.length > 0) this.planned.push(toUsers(joined, 'conversation:added', about, conversationId, seq));
    if (first === undefined) return;
    // Of a conversation with subscribers, a newcomer gets the events by subscribing.
    const since = list.subscribed ? [] : eventsSinceJoin(events);
    const all = since.length === events.length;
    this.close({ record, list, events, recipients: all ? [...present, ...joined] : present }, gone);
    if (!all && joined.length > 0 && since.length > 0) this.close({ record, list, events: since, recipients: joined });
  }

  private close(frame: Frame, gone: readonly string[] = []): void {
    const { list, events } = frame;
    const isFree = ({ subjectSeq }: AppendedEvent) =>
      subjectSeq === 0 || (!list.subscribed && list.joinedAfter(subjectSeq).size === 0);
    if (events.every(isFree)) return this.send(frame, gone);
    // ORDER: as in the log, for each of them: what some may not see goes by itself.
    for (const event of events) {
      const one = { ...frame, events: [event] };
      if (isFree(event)) this.send(one, gone);
      else this.sendTwice(one, event, gone);
    }
  }

  /** A change of a message that members who joined after it may not see: they get its place in the log. */
  private sendTwice(frame: Frame, event: AppendedEvent, gone: readonly string[]): void {
    const { subjectSeq } = event;
    const late = frame.list.joinedAfter(subjectSeq);
    const [joinedUntil, joinedAfter] = frame.list.subscribed ? [subjectSeq, subjectSeq] : [0, 0];
    const early = frame.recipients.filter((userId) => !late.has(userId));
    this.send({ ...frame, recipients: early }, gone, { joinedUntil, joinedAfter: 0 });
    const recipients = frame.recipients.filter((userId) => late.has(userId));
    this.send({ ...frame, recipients, events: [withoutContent(event)] }, gone, { joinedUntil: 0, joinedAfter });
  }

  private send(
    { record, list, events, recipients }: Frame,
    gone: readonly string[],
    only: Pick<Outgoing, 'joinedAfter' | 'joinedUntil'> = TO_ALL,
  ): void {
    if (recipients.length === 0 && !list.subscribed) return;
    const { conversationId, epoch } = record;
    const payload = eventsPayload(conversationId, epoch, events);
    const seq = events.at(-1)?.seq ?? 0;
    this.planned.push({
      ...toUsers(recipients, 'conversation:events', payload, conversationId, seq),
      subscribersOf: list.subscribed ? conversationId : '',
      exceptUserIds: list.subscribed ? gone : [],
      ...only,
    });
  }
}

/** Who came and went in one commit: the list was read after it, and says how it ended. */
const joinedBy = ({ joinedUserIds, goneUserIds }: Appended, list: MemberList): string[] =>
  joinedUserIds.filter((id) => !goneUserIds.includes(id) || list.has(id));
