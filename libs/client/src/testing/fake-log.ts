import type { Conversation, ConversationEvent } from '../api.js';

interface StoredMessage {
  messageId: string;
  conversationId: string;
  seq: number;
  changedSeq: number;
  clientMsgId: string;
  senderId: string;
  type: string;
  content?: Record<string, unknown>;
  mentions?: string[];
  sentAt: string;
  editedAt?: string;
  recalledAt?: string;
  recalledBy?: string;
}

/** The log of one conversation as the server keeps it, by the rules of docs/protocol.md. */
export class FakeLog {
  epoch = 'e1';
  readSeq = 0;
  readonly events: ConversationEvent[] = [];
  private readonly messages = new Map<number, StoredMessage>();

  constructor(
    readonly conversationId: string,
    readonly me: string,
    private readonly more: Partial<Record<keyof Conversation, unknown>> = {},
  ) {}

  get head(): number {
    return this.events.length;
  }

  say(senderId: string, text: string, part: { clientMsgId?: string; mentions?: string[] } = {}): ConversationEvent {
    const seq = this.head + 1;
    const known = [...this.messages.values()].find(
      (one) => part.clientMsgId !== undefined && one.senderId === senderId && one.clientMsgId === part.clientMsgId,
    );
    if (known !== undefined) return this.events[known.seq - 1] as ConversationEvent;
    const message: StoredMessage = {
      messageId: `m${seq}`,
      conversationId: this.conversationId,
      seq,
      changedSeq: seq,
      clientMsgId: part.clientMsgId ?? `c${seq}`,
      senderId,
      type: 'text',
      content: { text },
      sentAt: at(seq),
      ...(part.mentions && { mentions: part.mentions }),
    };
    this.messages.set(seq, message);
    return this.append('message.created', senderId, message as unknown as Record<string, unknown>);
  }

  edit(messageSeq: number, text: string): ConversationEvent | undefined {
    const message = this.messages.get(messageSeq);
    if (message === undefined || message.recalledAt !== undefined) return undefined;
    const seq = this.head + 1;
    const next = { ...message, content: { text }, editedAt: at(seq), changedSeq: seq };
    this.messages.set(messageSeq, next);
    return this.append('message.edited', message.senderId, { messageId: message.messageId, messageSeq });
  }

  recall(messageSeq: number): ConversationEvent | undefined {
    const message = this.messages.get(messageSeq);
    if (message === undefined || message.recalledAt !== undefined) return undefined;
    const seq = this.head + 1;
    const { content: _, mentions: __, ...rest } = message;
    this.messages.set(messageSeq, { ...rest, recalledAt: at(seq), recalledBy: message.senderId, changedSeq: seq });
    return this.append('message.recalled', message.senderId, { messageId: message.messageId, messageSeq });
  }

  append(type: string, actorId: string, data: Record<string, unknown>): ConversationEvent {
    const event = { seq: this.head + 1, type, at: at(this.head + 1), actorId, data };
    this.events.push(event);
    if (type === 'conversation.changed') Object.assign(this.more, data);
    return this.shown(event);
  }

  /** As it reads now. */
  page(afterSeq: number, limit: number): ConversationEvent[] {
    return this.events.slice(afterSeq, afterSeq + limit).map((event) => this.shown(event));
  }

  /** Put back to a backup: shorter, and under another epoch. */
  restore(head: number): void {
    this.events.splice(head);
    for (const seq of this.messages.keys()) if (seq > head) this.messages.delete(seq);
    this.epoch = `${this.epoch}+`;
    this.readSeq = Math.min(this.readSeq, head);
  }

  state(): Conversation {
    const messages = [...this.messages.values()];
    const unread = messages.filter((one) => one.seq > this.readSeq && one.senderId !== this.me);
    const last = messages.at(-1);
    return {
      conversationId: this.conversationId,
      kind: 'group',
      title: 'Group',
      description: '',
      joinPolicy: 'open',
      historyBeforeJoin: true,
      memberCount: 2,
      createdAt: at(0),
      disbanded: false,
      tier: { name: 'small', receipts: 'member', typing: true, push: 'member' },
      headSeq: this.head,
      epoch: this.epoch,
      lastActivityAt: at(last?.seq ?? 0),
      readSeq: this.readSeq,
      deliveredSeq: this.readSeq,
      unreadCount: unread.length,
      mentionCount: unread.filter((one) => one.mentions?.includes(this.me)).length,
      joinedSeq: 0,
      settings: { muted: false, pinned: false, archived: false },
      ...(last && { lastMessage: structuredClone(last) }),
      ...this.more,
    } as Conversation;
  }

  private shown(event: ConversationEvent): ConversationEvent {
    if (event.type === 'message.created')
      return { ...event, data: structuredClone(this.messages.get(event.seq)) as unknown as Record<string, unknown> };
    const message = this.messages.get(event.data['messageSeq'] as number);
    if (message === undefined) return structuredClone(event);
    const { content, editedAt, recalledAt, recalledBy } = message;
    const now = recalledAt === undefined ? { content, editedAt } : { recalledAt, recalledBy };
    return structuredClone({ ...event, data: { ...event.data, ...now } });
  }
}

const at = (seq: number) => new Date(1_600_000_000_000 + seq * 1000).toISOString();
