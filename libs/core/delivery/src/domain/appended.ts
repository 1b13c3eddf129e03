export interface AppendedEvent {
  seq: number;
  type: string;
  /** Milliseconds since the epoch. */
  at: number;
  actorId: string;
  /** Public data as JSON text; parsed only to take content out of it. */
  dataJson: string;
  /** The message that this event changes, where members who joined after it may not see it; 0 where all may. */
  subjectSeq: number;
}

/** What one commit added to one conversation's log, in seq order. */
export interface Appended {
  conversationId: string;
  epoch: string;
  events: AppendedEvent[];
  memberCount: number;
  joinedUserIds: string[];
  goneUserIds: string[];
}

/** The payload of `conversation:events`, put together as text: the events' data are spliced in as they are. */
export function eventsPayload(conversationId: string, epoch: string, events: readonly AppendedEvent[]): string {
  let json = `{"conversationId":${quoted(conversationId)},"epoch":${quoted(epoch)},"events":[`;
  let separator = '';
  for (const event of events) {
    json += `${separator}{"seq":${event.seq},"type":${quoted(event.type)},"at":"${isoTime(event.at)}","actorId":${quoted(event.actorId)},"data":${event.dataJson}}`;
    separator = ',';
  }
  return `${json}]}`;
}

/** The payload of `conversation:added` and `conversation:removed`. */
export function conversationPayload(conversationId: string, seq: number): string {
  return `{"conversationId":${quoted(conversationId)},"seq":${seq}}`;
}

/**
 * What a user who joined by these events may get at once: from the newest join on. Who joined earlier in the same commit has a gap
 * then and asks for it, which is checked; what was said before a join must not reach the newcomer from here.
 */
export function eventsSinceJoin(events: readonly AppendedEvent[]): readonly AppendedEvent[] {
  const last = events.findLastIndex((event) => event.type === 'member.joined');
  return last <= 0 ? events : events.slice(last);
}

/** When a user joined, by these events: of several joins in one commit, the one that names them. */
export function joinSeqOf(events: readonly AppendedEvent[], userId: string): number {
  const joins = events.filter((event) => event.type === 'member.joined');
  const named =
    joins.length > 1 ? joins.findLast(({ dataJson }) => dataJson.includes(JSON.stringify(userId))) : undefined;
  return (named ?? joins.at(-1) ?? events.at(-1))?.seq ?? 0;
}

/** What a member may know of a change of a message from before they joined: that there was one. The same as their log says. */
export function withoutContent(event: AppendedEvent): AppendedEvent {
  const { messageId, messageSeq } = JSON.parse(event.dataJson) as { messageId: string; messageSeq: number };
  return { ...event, dataJson: JSON.stringify({ messageId, messageSeq, hidden: true }), subjectSeq: 0 };
}

const PLAIN = /^[\w.:-]*$/;
const quoted = (text: string) => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

let lastTime = Number.NaN;
let lastText = '';
/** Events of one commit have one time, so the text of the last one nearly always fits. */
function isoTime(at: number): string {
  if (at !== lastTime) {
    lastText = new Date(at).toISOString();
    lastTime = at;
  }
  return lastText;
}
