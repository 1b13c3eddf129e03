import type { Clock } from '@parley/kernel';
import { conversationNotFound } from '../domain/presence.errors.js';
import type { Membership, SessionPusher } from '../ports/neighbours.js';

const REPEAT_MS = 1000;
const MAX_REMEMBERED = 20_000;

/** Who types, shown to the other members for a moment. Never stored; that it ends by itself is up to those who show it. */
export class SetTyping {
  private readonly recent = new Map<string, { state: string; at: number }>();

  constructor(
    private readonly membership: Membership,
    private readonly pusher: SessionPusher,
    private readonly clock: Clock,
    /** Is a conversation with so many members small enough? */
    private readonly isShown: (memberCount: number) => boolean,
  ) {}

  /** Silently does nothing for a repeat within 1 s, in large conversations, and for members who may not send. */
  async execute(actorId: string, conversationId: string, state: string): Promise<void> {
    const key = `${conversationId} ${actorId}`;
    const now = this.clock.now();
    const last = this.recent.get(key);
    if (last?.state === state && now - last.at < REPEAT_MS) return;
    const { isMember, maySend, memberCount } = await this.membership.check(conversationId, actorId);
    if (!isMember) throw conversationNotFound();
    this.remember(key, state, now);
    if (!maySend || !this.isShown(memberCount)) return;
    const payloadJson = JSON.stringify({ conversationId, userId: actorId, state });
    await this.pusher.push([
      { userIds: [], sessionIds: [], conversationId, exceptUserIds: [actorId], event: 'typing', payloadJson },
    ]);
  }

  private remember(key: string, state: string, at: number): void {
    this.recent.delete(key);
    this.recent.set(key, { state, at });
    for (const [oldest, entry] of this.recent) {
      if (this.recent.size <= MAX_REMEMBERED && at - entry.at < REPEAT_MS) break;
      this.recent.delete(oldest);
    }
  }
}
