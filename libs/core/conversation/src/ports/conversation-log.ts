import type { Fact } from '../domain/fact.js';

/** The message service, which owns the ordered log and enforces who may send and read. */
export abstract class ConversationLog {
  /**
   * All or none, in this order; idempotent by changeId. Resolves when they are durable and in force.
   * @throws server.unavailable and whatever the message service refuses with
   */
  abstract append(facts: readonly Fact[]): Promise<void>;
}
