import type { Principal, SessionId, UserId } from '@parley/kernel';

/** What to do after the last word. */
export type ClosingAction = 'reconnect' | 'login' | 'stop';

/** One live connection of a session, as the fan-out sees it. */
export interface LiveSocket {
  readonly principal: Principal;
  /** Queues an encoded frame; never blocks, never throws. */
  send(frame: string): void;
  /** Says why, then closes. Nothing is sent afterwards. */
  close(code: string, action: ClosingAction, reconnectAfterMs?: number): void;
}

export interface Audience {
  userIds: readonly string[];
  sessionIds: readonly string[];
  /** Sockets that subscribed to this conversation; empty for none. */
  subscribersOf: string;
  exceptUserIds: readonly string[];
  exceptSessionId: string;
  /** Only subscribers who joined after this event, and only those who joined until that one; 0: all. */
  joinedAfter: number;
  joinedUntil: number;
}

/** For whom something was dropped that was meant for this node. */
export interface Missed {
  userIds: readonly string[];
  sessionIds: readonly string[];
  /** Subscribers of these. */
  conversationIds: readonly string[];
  everybody: boolean;
  /** Sockets opened later than so many milliseconds ago lack nothing. */
  newestAgeMs: number;
}

const ALL = { exceptUserIds: [], exceptSessionId: '', joinedAfter: 0, joinedUntil: 0 };

/** The live sockets of one gateway node, found by session, by user and by subscription. A session may hold several sockets (tabs). */
export class SessionRegistry {
  private readonly bySession = new Map<string, Set<LiveSocket>>();
  private readonly byUser = new Map<string, Set<LiveSocket>>();
  private readonly byConversation = new Map<string, Set<LiveSocket>>();
  /** With the seq by which the user joined: what was before it may not be theirs to see. */
  private readonly subscriptions = new Map<LiveSocket, Map<string, number>>();
  private readonly openedAt = new WeakMap<LiveSocket, number>();

  /** @param elapsed milliseconds since some moment; never goes back. */
  constructor(private readonly elapsed: () => number = () => 0) {}

  get size(): number {
    return this.subscriptions.size;
  }

  add(socket: LiveSocket): void {
    const { userId, sessionId } = socket.principal;
    put(this.bySession, sessionId, socket);
    put(this.byUser, userId, socket);
    this.subscriptions.set(socket, new Map());
    this.openedAt.set(socket, this.elapsed());
  }

  /** Answers which conversations lost their last subscriber here. */
  remove(socket: LiveSocket): string[] {
    const { userId, sessionId } = socket.principal;
    const subscribed = [...(this.subscriptions.get(socket)?.keys() ?? [])];
    const unsubscribed = subscribed.filter((conversationId) => this.unsubscribe(socket, conversationId));
    this.subscriptions.delete(socket);
    drop(this.byUser, userId, socket);
    drop(this.bySession, sessionId, socket);
    return unsubscribed;
  }

  /** Answers whether it is the conversation's first subscriber here. */
  subscribe(socket: LiveSocket, conversationId: string, joinedSeq: number): boolean {
    const its = this.subscriptions.get(socket);
    // Gone while somebody asked whether it may: nobody would ever take it out again.
    if (its === undefined) return false;
    its.set(conversationId, joinedSeq);
    const first = !this.byConversation.has(conversationId);
    put(this.byConversation, conversationId, socket);
    return first;
  }

  /** Answers whether it was the conversation's last subscriber here. */
  unsubscribe(socket: LiveSocket, conversationId: string): boolean {
    this.subscriptions.get(socket)?.delete(conversationId);
    return drop(this.byConversation, conversationId, socket);
  }

  /** Ends the users' subscriptions of a conversation, for those who are no longer in it. Answers whether it has no subscriber here any more. */
  expel(userIds: readonly string[], conversationId: string): boolean {
    let ended = false;
    for (const userId of userIds)
      for (const socket of this.byUser.get(userId) ?? []) ended = this.unsubscribe(socket, conversationId) || ended;
    return ended;
  }

  subscriptionsOf(socket: LiveSocket): number {
    return this.subscriptions.get(socket)?.size ?? 0;
  }

  /** Users with a socket that subscribed to the conversation. */
  subscribersOf(conversationId: string): string[] {
    return [...new Set([...(this.byConversation.get(conversationId) ?? [])].map(({ principal }) => principal.userId))];
  }

  /** Sockets of these users that subscribed to the conversation. */
  subscriptionsBy(userIds: ReadonlySet<string>, conversationId: string): LiveSocket[] {
    return [...(this.byConversation.get(conversationId) ?? [])].filter(({ principal }) =>
      userIds.has(principal.userId),
    );
  }

  subscribedConversations(): string[] {
    return [...this.byConversation.keys()];
  }

  /** Visits everybody once, however many ways lead to a socket; answers how many. Called for every frame: it makes no lists. */
  visit(to: Audience, act: (socket: LiveSocket) => void): number {
    // Users are disjoint; a session or a subscription may lead to a socket that a user led to already.
    const seen = to.sessionIds.length > 0 || to.subscribersOf !== '' ? new Set<LiveSocket>() : undefined;
    let count = 0;
    const { joinedAfter, joinedUntil, subscribersOf } = to;
    const isMeant = (socket: LiveSocket) => {
      const joinedSeq = this.subscriptions.get(socket)?.get(subscribersOf) ?? 0;
      return joinedSeq > joinedAfter && (joinedUntil === 0 || joinedSeq <= joinedUntil);
    };
    const through = (sockets: ReadonlySet<LiveSocket> | undefined, bounded = false) => {
      if (sockets === undefined) return;
      for (const socket of sockets) {
        if (socket.principal.sessionId === to.exceptSessionId) continue;
        if (to.exceptUserIds.length > 0 && to.exceptUserIds.includes(socket.principal.userId)) continue;
        if (seen?.has(socket) === true) continue;
        if (bounded && !isMeant(socket)) continue;
        seen?.add(socket);
        act(socket);
        count += 1;
      }
    };
    for (const userId of to.userIds) through(this.byUser.get(userId));
    for (const sessionId of to.sessionIds) through(this.bySession.get(sessionId));
    if (subscribersOf !== '') through(this.byConversation.get(subscribersOf), joinedAfter + joinedUntil > 0);
    return count;
  }

  of(who: { sessionIds: readonly string[]; userIds: readonly string[] }): LiveSocket[] {
    const found: LiveSocket[] = [];
    this.visit({ ...who, ...ALL, subscribersOf: '' }, (socket) => found.push(socket));
    return found;
  }

  /** The sockets that may be behind without knowing it. */
  behind({ userIds, sessionIds, conversationIds, everybody, newestAgeMs }: Missed): LiveSocket[] {
    const before = this.elapsed() - newestAgeMs;
    const found = new Set(everybody ? this.subscriptions.keys() : this.of({ sessionIds, userIds }));
    for (const id of conversationIds) for (const socket of this.byConversation.get(id) ?? []) found.add(socket);
    return [...found].filter((socket) => (this.openedAt.get(socket) ?? 0) <= before);
  }

  all(): IterableIterator<LiveSocket> {
    return this.subscriptions.keys();
  }

  /** One entry per session, for presence after a lost lease. */
  sessions(): { sessionId: SessionId; userId: UserId; deviceId: string }[] {
    return [...this.bySession.values()].flatMap(([socket]) => (socket === undefined ? [] : [socket.principal]));
  }
}

function put(index: Map<string, Set<LiveSocket>>, key: string, socket: LiveSocket): void {
  const sockets = index.get(key);
  if (sockets === undefined) index.set(key, new Set([socket]));
  else sockets.add(socket);
}

/** Answers whether the key has no socket left because of this. */
function drop(index: Map<string, Set<LiveSocket>>, key: string, socket: LiveSocket): boolean {
  const sockets = index.get(key);
  if (sockets === undefined || !sockets.delete(socket) || sockets.size > 0) return false;
  index.delete(key);
  return true;
}
