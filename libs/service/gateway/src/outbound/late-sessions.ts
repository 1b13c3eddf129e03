import type { SessionRegistry } from '@parley/core-gateway';
import { sendBack } from '../inbound/ws/send-back.js';

/**
 * Sessions that were let in before presence knew of them. What was committed in between may not have been sent here, and nothing
 * would tell the client: it is sent away when presence knows, and catches up as it comes back.
 */
export class LateSessions {
  private readonly sessions = new Map<string, 'waiting' | 'unheard'>();

  constructor(private readonly registry: SessionRegistry) {}

  /** Is there a session whose report is still under way? */
  get isWaiting(): boolean {
    for (const state of this.sessions.values()) if (state === 'waiting') return true;
    return false;
  }

  /** Resolves with the report, or when the patience is over. */
  async within(patienceMs: number, sessionId: string, reported: Promise<void>): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), patienceMs);
    });
    const outcome = reported.then(
      () => 'heard' as const,
      () => 'unheard' as const,
    );
    const first = await Promise.race([outcome, patience]);
    clearTimeout(timer);
    if (first === 'heard') return;
    this.sessions.set(sessionId, first === 'late' ? 'waiting' : 'unheard');
    if (first === 'late')
      void outcome.then((then) => {
        if (!this.sessions.has(sessionId)) return;
        if (then === 'heard') this.heard([sessionId]);
        else this.sessions.set(sessionId, 'unheard');
      });
  }

  forget(sessionId: string): void {
    this.sessions.delete(sessionId);
  }

  /** Those whose report got lost. */
  unheard(): string[] {
    return [...this.sessions].flatMap(([sessionId, state]) => (state === 'unheard' ? [sessionId] : []));
  }

  /** Presence knows of these now. */
  heard(sessionIds: readonly string[]): void {
    for (const sessionId of sessionIds) this.sessions.delete(sessionId);
    sendBack(this.registry.of({ sessionIds, userIds: [] }));
  }
}
