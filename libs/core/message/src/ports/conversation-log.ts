import type { DomainError } from '@parley/kernel';
import type { ChangeOutcome } from '../domain/apply-changes.js';
import type { LogChange } from '../domain/changes/change.js';

/**
 * Writes the logs. ORDER: changes take effect in the order of the calls and, within a call, of the array. One call is one
 * transaction or part of one (stores gather calls: group commit); when it resolves, everything in it is durable and visible to
 * `LogReader`. A refused change answers its error in place and does not hinder the others; the call rejects
 * (`server.unavailable`) only when nothing of it was written.
 *
 * What is committed is also published to the topic `parley.message.appended.v1`, at least once, in seq order per conversation,
 * also when the process dies right after the commit.
 */
export abstract class ConversationLog {
  abstract commit(changes: readonly LogChange[]): Promise<(ChangeOutcome | DomainError)[]>;
}
