import type { Clock } from '@parley/kernel';
import type { Appended } from '../domain/appended.js';
import type { MemberList } from '../domain/member-list.js';
import type { Dispatcher } from './dispatcher.js';
import { FramePlan } from './frame-plan.js';
import type { MemberProjection } from './member-projection.js';

/**
 * Events older than this may have been overtaken by a removal that was acked since: membership is read again before they leave. Half of
 * what a removal may take (G12); the other half is for the way to the sockets.
 */
const LAG_MS = 500;

/** Brings what was appended to conversations to the live sessions of their members. At least once, in order per conversation. */
export class FanOutAppended {
  constructor(
    private readonly members: MemberProjection,
    private readonly dispatcher: Dispatcher,
    private readonly clock: Clock,
  ) {}

  /** Others may have consumed events of these conversations since. */
  lost(isLost: (conversationId: string) => boolean): void {
    this.members.lost(isLost);
  }

  /** @param records of any conversations, in the order of the log. Resolves when the gateway nodes have them. */
  async execute(records: readonly Appended[]): Promise<void> {
    const lists = await this.listsFor(records);
    const plan = new FramePlan();
    const taken: Appended[] = [];
    for (const record of records) {
      const list = lists.get(record.conversationId) as MemberList;
      const last = record.events.at(-1);
      if (last !== undefined && list.isDelivered(record.epoch, last.seq)) continue;
      if (!list.subscribed && this.members.isSubscribed(record.memberCount)) list.becomeSubscribed();
      plan.add(record, list);
      taken.push(record);
    }
    await this.dispatcher.dispatch(plan.outgoing());
    for (const { conversationId, epoch, events } of taken) {
      const last = events.at(-1);
      if (last !== undefined) lists.get(conversationId)?.delivered(epoch, last.seq);
    }
  }

  private async listsFor(records: readonly Appended[]): Promise<Map<string, MemberList>> {
    const now = this.clock.now();
    const lists = new Map<string, MemberList>();
    const unknown = new Set<string>();
    const followed = new Map<string, number>();
    for (const record of records) {
      const { conversationId, epoch, events } = record;
      const list = lists.get(conversationId) ?? this.members.known(conversationId);
      if (list === undefined) unknown.add(conversationId);
      else {
        const last = followed.get(conversationId) ?? list.lastSeq(epoch);
        if (skips(record, last) || this.isDoubtful(list, record, now)) unknown.add(conversationId);
        lists.set(conversationId, list);
        followed.set(conversationId, Math.max(last, events.at(-1)?.seq ?? 0));
      }
    }
    await Promise.all(
      [...unknown].map(async (conversationId) => lists.set(conversationId, await this.members.read(conversationId))),
    );
    return lists;
  }

  /** Is the list perhaps not what it was when the record was appended? */
  private isDoubtful(list: MemberList, record: Appended, now: number): boolean {
    if (list.doubted) return true;
    if (now - list.verifiedAt < LAG_MS) return false;
    const last = record.events.at(-1);
    if (last !== undefined && now - last.at > LAG_MS) return true;
    // Shrunk to a size at which members are reached one by one: who are they?
    if (list.subscribed && !this.members.isSubscribed(record.memberCount)) return true;
    return record.goneUserIds.length > 0 && record.joinedUserIds.some((id) => record.goneUserIds.includes(id));
  }
}

/**
 * A record before this one did not come through here: it is a dead letter, or its partition was with another process. It may have
 * changed the members.
 */
function skips({ events }: Appended, last: number): boolean {
  const first = events[0];
  return last > 0 && first !== undefined && first.seq > last + 1;
}
