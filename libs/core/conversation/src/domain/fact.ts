import type { ConversationId, UserId } from '@parley/kernel';
import type { ConversationKind, Role, SendPolicy } from './conversation.js';

export interface NewMember {
  userId: UserId;
  role: Role;
}

/** What was decided. `data` is the public form of the event, ready to be sent to clients. */
export type FactBody =
  | { type: 'created'; kind: ConversationKind; members: NewMember[]; historyBeforeJoin: boolean }
  | { type: 'joined'; members: NewMember[] }
  | { type: 'gone'; userId: UserId; removed: boolean }
  | { type: 'changed'; userId: UserId; role?: Role; mutedUntil?: number; data: Record<string, unknown> }
  | {
      type: 'event';
      event: 'conversation.changed' | 'announcement.changed';
      data: Record<string, unknown>;
      /** Where it changed: the log enforces it. */
      sendPolicy?: SendPolicy;
    }
  | { type: 'disbanded' }
  /** No event: the one who is restricted learns it on sending. */
  | { type: 'restricted'; userId: UserId; blocked: boolean };

/** A decision on its way into the conversation's log. DEDUPE: by changeId, at the message service. */
export interface Fact {
  changeId: string;
  conversationId: ConversationId;
  actorId: UserId;
  body: FactBody;
}
