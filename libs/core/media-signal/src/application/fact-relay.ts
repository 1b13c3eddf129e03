import { DomainError } from '@parley/kernel';
import type { Conversation } from '../ports/conversation.js';
import type { PendingFacts } from '../ports/pending-facts.js';

const BATCH = 100;
const TRY_AGAIN: ReadonlySet<string> = new Set(['unavailable', 'internal', 'rate_limited']);

/**
 * Brings starts and ends of calls into the conversations' logs. ORDER: one run at a time, the oldest fact first, so a start is
 * never behind its end. DEDUPE: by changeId, at the log; a crash between append and remove repeats facts that the log knows.
 */
export class FactRelay {
  private running: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly pending: PendingFacts,
    private readonly conversation: Conversation,
    /** Told of facts that the log will never take. */
    private readonly onRefused: (changeId: string, error: unknown) => void,
  ) {}

  /** Resolves when nothing is left. Rejects when the message service does not take it now: call again later. */
  flush(): Promise<void> {
    this.again = true;
    this.running ??= this.drain().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async drain(): Promise<void> {
    while (this.again) {
      this.again = false;
      const facts = await this.pending.oldest(BATCH);
      for (const fact of facts) {
        try {
          await this.conversation.append(fact);
        } catch (error) {
          if (!(error instanceof DomainError) || TRY_AGAIN.has(error.kind)) throw error;
          this.onRefused(fact.changeId, error);
        }
        await this.pending.remove(fact.changeId);
      }
      this.again ||= facts.length === BATCH;
    }
  }
}
