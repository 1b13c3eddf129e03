import type { ConversationId, UserId } from '@parley/kernel';
import type { Call } from './call.js';
import { durationOf } from './call.js';

/** A call's mark in the conversation's log. DEDUPE: by changeId, at the message service. */
export interface CallFact {
  changeId: string;
  conversationId: ConversationId;
  actorId: UserId;
  type: 'call.started' | 'call.ended';
  /** Public data of the event as JSON. */
  dataJson: string;
}

/** What this change adds to the log: the start once, with the first version, and the end once. */
export function factsOf(before: Call | undefined, after: Call): CallFact[] {
  const facts: CallFact[] = [];
  const { callId, conversationId, callerId, media } = after;
  const fact = (type: CallFact['type'], data: Record<string, unknown>): CallFact => ({
    changeId: `${callId}.${type === 'call.started' ? 'started' : 'ended'}`,
    conversationId,
    actorId: callerId,
    type,
    dataJson: JSON.stringify({ callId, callerId, media, ...data }),
  });
  if (before === undefined) {
    const calleeIds = after.participants.filter((one) => one.role === 'callee').map((one) => one.userId);
    facts.push(fact('call.started', { calleeIds }));
  }
  if (after.state === 'ended' && before?.state !== 'ended')
    facts.push(fact('call.ended', { outcome: after.outcome, durationMs: durationOf(after) }));
  return facts;
}
