import type { CursorChange, FactChange, SendChange } from '../domain/changes/change.js';
import type { FactBody } from '../domain/changes/fact.js';
import type { ConversationKind } from '../domain/log-rows.js';

let counter = 0;

/** A send with everything usual; the fingerprint follows the text. */
export function aSend(part: Partial<SendChange> & { text?: string } = {}): SendChange {
  const { text = 'hello', ...rest } = part;
  return {
    kind: 'send',
    conversationId: 'c1',
    senderId: 'ann',
    deviceId: 'd1',
    clientMsgId: `m${++counter}`,
    type: 'text',
    contentJson: JSON.stringify({ text }),
    replyTo: '',
    mentions: [],
    fingerprint: [...text].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7) % 2 ** 40,
    ...rest,
  };
}

export function aFact(fact: FactBody, part: Partial<FactChange> = {}): FactChange {
  return { kind: 'fact', changeId: `f${++counter}`, conversationId: 'c1', actorId: 'ann', fact, ...part };
}

/** The first of the named users owns it. */
export function created(
  users: readonly string[],
  part: { kind?: ConversationKind; conversationId?: string; historyBeforeJoin?: boolean } = {},
): FactChange {
  const members = users.map((userId, i) => ({ userId, role: i === 0 ? ('owner' as const) : ('member' as const) }));
  const { kind = 'group', conversationId = 'c1', historyBeforeJoin = true } = part;
  return aFact(
    { is: 'created', kind, members, historyBeforeJoin, epoch: 'e1' },
    { conversationId, changeId: `created-${conversationId}` },
  );
}

export function aCursor(part: Partial<CursorChange> = {}): CursorChange {
  return { kind: 'cursor', conversationId: 'c1', userId: 'bob', deliveredSeq: 0, readSeq: 0, ...part };
}
