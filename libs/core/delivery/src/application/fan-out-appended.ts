import type { Clock } from '@parley/kernel';
import type { Appended } from '../domain/appended.js';
import type { MemberList } from '../domain/member-list.js';
import type { Dispatcher } from './dispatcher.js';
import { FramePlan } from './frame-plan.js';
import type { MemberProjection } from './member-projection.js';

/** Events older than this may have been overtaken by a removal that was acked since: membership is read again before they leave (G12). */
const LAG_MS = 1000;

/** Brings what was appended to conversations to the live sessions of their members. At least once, in order per conversation. */
export class FanOutAppended {
  constructor(
    private readonly members: MemberProjection,
    private readonly dispatcher: Dispatcher,
    private readonly clock: Clock,
  ) {}

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
    for (const record of records) {
      const { conversationId } = record;
      const list = lists.get(conversationId) ?? this.members.known(conversationId);
      if (list === undefined || this.isDoubtful(list, record, now)) unknown.add(conversationId);
      else lists.set(conversationId, list);
    }
    await Promise.all(
      [...unknown].map(async (conversationId) => lists.set(conversationId, await this.members.read(conversationId))),
    );
    return lists;
  }

  private isDoubtful(list: MemberList, record: Appended, now: number): boolean {
    if (now - list.verifiedAt < LAG_MS) return false;
    const last = record.events.at(-1);
    if (last !== undefined && now - last.at > LAG_MS) return true;
    // Shrunk to a size at which members are reached one by one: who are they?
    if (list.subscribed && !this.members.isSubscribed(record.memberCount)) return true;
    return record.goneUserIds.length > 0 && record.joinedUserIds.some((id) => record.goneUserIds.includes(id));
  }
}
