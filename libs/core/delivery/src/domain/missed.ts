import type { Delivery } from './outgoing.js';

/** Beyond this many names it is simpler to say everybody. */
const MAX_NAMES = 20_000;

/** For whom deliveries to one node were dropped. Their clients must come back and ask, or they would be behind without knowing it (G10). */
export class Missed {
  readonly userIds = new Set<string>();
  readonly sessionIds = new Set<string>();
  /** Subscribers of these conversations. */
  readonly conversationIds = new Set<string>();
  everybody = false;
  /** When the newest of them was made. Sockets opened since lack nothing. */
  newestAt = 0;

  add(
    { userIds, sessionIds, subscribersOf }: Pick<Delivery, 'userIds' | 'sessionIds' | 'subscribersOf'>,
    at: number,
  ): void {
    this.newestAt = Math.max(this.newestAt, at);
    if (this.everybody) return;
    for (const id of userIds) this.userIds.add(id);
    for (const id of sessionIds) this.sessionIds.add(id);
    if (subscribersOf !== '') this.conversationIds.add(subscribersOf);
    this.bound();
  }

  merge(other: Missed): void {
    for (const id of other.userIds) this.userIds.add(id);
    for (const id of other.sessionIds) this.sessionIds.add(id);
    for (const id of other.conversationIds) this.conversationIds.add(id);
    this.everybody ||= other.everybody;
    this.newestAt = Math.max(this.newestAt, other.newestAt);
    this.bound();
  }

  private bound(): void {
    this.everybody ||= this.userIds.size + this.sessionIds.size + this.conversationIds.size > MAX_NAMES;
    if (!this.everybody) return;
    for (const names of [this.userIds, this.sessionIds, this.conversationIds]) names.clear();
  }
}
