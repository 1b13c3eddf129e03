import type { Clock } from '@parley/kernel';
import { sessionNotFound } from '../domain/identity.errors.js';
import type { Session } from '../domain/session.js';
import type { SessionEnforcer } from '../ports/session-enforcer.js';
import type { SessionStore } from '../ports/session-store.js';

const CODE = 'auth.session_revoked';

/** Ends this session or all of the user's. Answered when no gateway lets them through any more; a repeat enforces again. */
export class Logout {
  constructor(
    private readonly sessions: SessionStore,
    private readonly enforcer: SessionEnforcer,
    private readonly clock: Clock,
  ) {}

  async execute(command: { actorId: string; sessionId: string; everywhere: boolean }): Promise<void> {
    const { actorId: userId, sessionId, everywhere } = command;
    const at = this.clock.now();
    const revoked = await this.sessions.revoke({
      userId,
      code: CODE,
      at,
      ...(everywhere ? {} : { sessionIds: [sessionId] }),
    });
    // Named one by one, also when all end: a session opened after this moment lives on.
    const sessionIds = [...new Set([...revoked, sessionId])].filter((id) => id !== '');
    await this.enforcer.close({ sessionIds, userIds: [], code: CODE, action: 'login' });
  }
}

export class ListSessions {
  constructor(
    private readonly sessions: SessionStore,
    private readonly clock: Clock,
  ) {}

  execute(query: { actorId: string }): Promise<Session[]> {
    return this.sessions.live(query.actorId, this.clock.now());
  }
}

/** Ends one of the actor's own sessions. Absent and others' answer alike. */
export class RevokeSession {
  constructor(
    private readonly sessions: SessionStore,
    private readonly enforcer: SessionEnforcer,
    private readonly clock: Clock,
  ) {}

  async execute(command: { actorId: string; sessionId: string }): Promise<void> {
    const { actorId: userId, sessionId } = command;
    const session = await this.sessions.find(sessionId);
    if (session === undefined || session.userId !== userId) throw sessionNotFound();
    await this.sessions.revoke({ userId, sessionIds: [sessionId], code: CODE, at: this.clock.now() });
    await this.enforcer.close({ sessionIds: [sessionId], userIds: [], code: CODE, action: 'login' });
  }
}
