/** Reads, by their verb: a second answer does no harm. */
const READS = /^(?:Get|List|Check|Search|Filter|Locate|Sync|Verify)(?=[A-Z]|$)/;

/**
 * Writes that may arrive twice: they carry a key by which the second one is known (sends, facts), only grow (cursors), or say how
 * something is now (leases, subscriptions, watches).
 */
export const REPEATABLE_WRITES: readonly string[] = [
  '/parley.message.v1.MessageService/AppendBatch',
  '/parley.message.v1.MessageService/AppendFacts',
  '/parley.message.v1.MessageService/AdvanceCursors',
  '/parley.presence.v1.PresenceService/OpenSessions',
  '/parley.presence.v1.PresenceService/CloseSessions',
  '/parley.presence.v1.PresenceService/RenewNode',
  '/parley.presence.v1.PresenceService/SubscribeNode',
  '/parley.presence.v1.PresenceService/Watch',
  '/parley.presence.v1.PresenceService/Unwatch',
  '/parley.presence.v1.PresenceService/SetTyping',
];

const known = new Map<string, boolean>();

/** May a call of this method be made again when its answer was lost? Callers who know better say so in their call. */
export function isRepeatable(path: string): boolean {
  let answer = known.get(path);
  if (answer === undefined) {
    answer = READS.test(path.slice(path.lastIndexOf('/') + 1)) || REPEATABLE_WRITES.includes(path);
    known.set(path, answer);
  }
  return answer;
}
