import type { MemberList } from '../domain/member-list.js';
import type { Outgoing } from '../domain/outgoing.js';
import type { Dispatcher } from './dispatcher.js';
import type { MemberProjection } from './member-projection.js';

/** One socket event for users, sessions, and the members (or subscribers, where they are many) of a conversation. */
export interface Push {
  userIds: readonly string[];
  /** Empty for none. */
  conversationId: string;
  sessionIds: readonly string[];
  exceptUserIds: readonly string[];
  exceptSessionId: string;
  event: string;
  payloadJson: string;
}

/** Socket events beside the log: calls, typing, cursors, presence. Best effort, at most once. */
export class PushBatch {
  constructor(
    private readonly members: MemberProjection,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** Answers for each push whether at least one live session got it. Rejects when it cannot be known who or where they are. */
  async execute(pushes: readonly Push[]): Promise<boolean[]> {
    const lists = new Map<string, MemberList>();
    for (const { conversationId } of pushes)
      if (conversationId !== '' && !lists.has(conversationId))
        lists.set(conversationId, await this.members.current(conversationId));
    const outgoing = pushes.map((push): Outgoing => {
      const { conversationId } = push;
      const rest = { ...push, joinedAfter: 0, joinedUntil: 0 };
      const list = lists.get(conversationId);
      if (list === undefined) return { ...rest, subscribersOf: '', conversationId: '', membersSeq: 0 };
      return {
        ...rest,
        userIds: push.userIds.length === 0 ? list.userIds : [...new Set([...push.userIds, ...list.userIds])],
        subscribersOf: list.subscribed ? conversationId : '',
        conversationId,
        membersSeq: list.asOf,
      };
    });
    return (await this.dispatcher.dispatch(outgoing)).map((sockets) => sockets > 0);
  }
}
