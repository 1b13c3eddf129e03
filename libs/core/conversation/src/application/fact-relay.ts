import { type ConversationId, DomainError } from '@parley/kernel';
import { logUnavailable } from '../domain/conversation.errors.js';
import type { ConversationLog } from '../ports/conversation-log.js';
import type { PendingFacts } from '../ports/pending-facts.js';

const BATCH = 200;
const SWEEP = 500;

interface Lane {
  running: Promise<void>;
  next?: Promise<void>;
}

/**
 * Brings committed facts into the conversation's log.
 * ORDER: a flush takes the oldest pending facts of the conversation and appends them in one call, so no fact enters the log
 * before an older one, whichever of several flushes, processes or sweeps comes first. DEDUPE: by changeId, at the log; a crash
 * between append and remove repeats facts that the log knows.
 */
export class FactRelay {
  /** Saves calls when many change one conversation at once; nothing rests on it. */
  private readonly lanes = new Map<ConversationId, Lane>();

  constructor(
    private readonly pending: PendingFacts,
    private readonly log: ConversationLog,
  ) {}

  /**
   * Resolves when everything that was committed before the call is in force. @throws server.unavailable: it is not yet, the sweep
   * goes on trying.
   */
  flush(id: ConversationId): Promise<void> {
    const lane = this.lanes.get(id);
    if (lane === undefined) return this.begin(id);
    // The running one may have read before the caller's commit: wait for the one after it.
    const next = () => this.begin(id);
    lane.next ??= lane.running.then(next, next);
    return lane.next;
  }

  /** Repeats what a crash or an unavailable message service left. Answers what went wrong, without stopping at one conversation. */
  async sweep(): Promise<unknown[]> {
    const errors: unknown[] = [];
    for (const id of await this.pending.conversations(SWEEP)) {
      try {
        await this.flush(id);
      } catch (error) {
        const cause = error instanceof DomainError ? (error.cause ?? error) : error;
        errors.push(cause);
        if (cause instanceof DomainError && cause.kind === 'unavailable') break;
      }
    }
    return errors;
  }

  private begin(id: ConversationId): Promise<void> {
    const lane: Lane = {
      running: this.drain(id).finally(() => {
        if (lane.next === undefined) this.lanes.delete(id);
      }),
    };
    this.lanes.set(id, lane);
    return lane.running;
  }

  private async drain(id: ConversationId): Promise<void> {
    for (;;) {
      const facts = await this.pending.oldest(id, BATCH);
      const last = facts.at(-1);
      if (last === undefined) return;
      await this.append(facts.map(({ fact }) => fact));
      await this.pending.removeUpTo(id, last.no);
      if (facts.length < BATCH) return;
    }
  }

  private async append(facts: Parameters<ConversationLog['append']>[0]): Promise<void> {
    try {
      await this.log.append(facts);
    } catch (error) {
      // Whatever the reason: the decision stands, only its effect is missing. The cause goes to the sweep's log.
      throw Object.assign(logUnavailable(), { cause: error });
    }
  }
}
