import type { Appended, AppendedEvent } from '../domain/appended.js';

export function conversationEvent(seq: number, more: Partial<AppendedEvent> = {}): AppendedEvent {
  return {
    seq,
    type: 'message.created',
    at: 1_700_000_000_000,
    actorId: 'ann',
    dataJson: `{"n":${seq}}`,
    subjectSeq: 0,
    ...more,
  };
}

/** A record of conversation `c` with plain messages, unless said otherwise. */
export function appended(seqs: number[], more: Partial<Appended> = {}): Appended {
  return {
    conversationId: 'c',
    epoch: 'e1',
    events: seqs.map((seq) => conversationEvent(seq)),
    memberCount: 3,
    joinedUserIds: [],
    goneUserIds: [],
    ...more,
  };
}
