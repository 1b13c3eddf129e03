import type { Page, PageRequest } from '@parley/kernel';
import type { Account } from '../domain/account.js';
import type { AuditEntry } from '../domain/audit.js';
import type { Ban } from '../domain/ban.js';
import { invalid } from '../domain/identity.errors.js';
import type { PolicyRule } from '../domain/policy-rule.js';
import type { Session } from '../domain/session.js';

/** One schema in memory, shared by the fakes as the tables are by the adapters. */
export class InMemoryState {
  readonly accounts = new Map<string, Account>();
  readonly sessions = new Map<string, Session>();
  /** By hash; in the order they were made. */
  readonly tokens = new Map<string, { sessionId: string; generation: number }>();
  rules: PolicyRule[] = [];
  version = 0;
  defaultsVersion = 1;
  bans: Ban[] = [];
  trail: AuditEntry[] = [];

  revoke(which: (session: Session) => boolean, code: string, at: number): string[] {
    const ended = [...this.sessions.values()].filter(
      (session) => session.revokedAt === undefined && session.expiresAt > at && which(session),
    );
    for (const session of ended) {
      this.sessions.set(session.sessionId, { ...session, revokedAt: at, revokedCode: code });
      for (const [hash, token] of this.tokens) if (token.sessionId === session.sessionId) this.tokens.delete(hash);
    }
    return ended.map((session) => session.sessionId);
  }
}

/** A page of a sorted list; the cursor is the last item's position in it. */
export function pageOf<T>(items: readonly T[], page: PageRequest, keyOf: (item: T) => string): Page<T> {
  const cursor = page.cursor ?? '';
  const from = cursor === '' ? 0 : items.findIndex((item) => keyOf(item) === cursor) + 1;
  if (cursor !== '' && from === 0) throw invalid({ path: 'cursor', message: 'must be a cursor of this list' });
  const kept = items.slice(from, from + page.limit);
  const last = kept.at(-1);
  const more = from + page.limit < items.length && last !== undefined;
  return { items: kept, ...(more ? { nextCursor: keyOf(last) } : {}) };
}
