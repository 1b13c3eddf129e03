import type { Conversation, RequestOf } from '../api.js';
import { type Observable, State } from '../observable.js';
import type { Clockwork, Rest, Tabs } from '../ports.js';
import type { Replica } from '../store/replica.js';
import type { ConversationItem, Conversations, UnreadTotal } from '../types.js';
import type { ItemList } from './item-list.js';

type Settings = Parameters<Conversations['setSettings']>[1];

/** What an application does with its conversations. Answers go to the leader first: it keeps them, and every tab shows them. */
export class ConversationList implements Conversations {
  readonly loaded = new State(false);

  constructor(
    private readonly rest: Rest,
    private readonly tabs: Tabs,
    private readonly replica: Replica,
    private readonly list: ItemList,
    private readonly clockwork: Clockwork,
  ) {}

  get value(): readonly ConversationItem[] {
    return this.list.state.value;
  }

  get unread(): Observable<UnreadTotal> {
    return this.list.unread;
  }

  subscribe(listener: (items: readonly ConversationItem[]) => void): () => void {
    return this.list.state.subscribe(listener);
  }

  get(conversationId: string): Observable<ConversationItem | undefined> {
    return this.list.single(conversationId);
  }

  async openDirect(userId: string): Promise<ConversationItem> {
    return this.#told(await this.rest.call('PUT /conversations/direct/{userId}', { params: { userId } }));
  }

  async create(input: RequestOf<'POST /conversations'>['body']) {
    const request = { body: input, idempotencyKey: this.clockwork.uuid() };
    const { refusedUserIds, ...conversation } = await this.rest.call('POST /conversations', request);
    return { ...(await this.#told(conversation)), refusedUserIds };
  }

  async join(conversationId: string): Promise<ConversationItem> {
    return this.#told(
      await this.rest.call('POST /conversations/{conversationId}/join', { params: { conversationId } }),
    );
  }

  async acceptInvitation(code: string): Promise<ConversationItem> {
    return this.#told(await this.rest.call('POST /invitations/{code}/accept', { params: { code } }));
  }

  async leave(conversationId: string): Promise<void> {
    await this.rest.call('POST /conversations/{conversationId}/leave', { params: { conversationId } });
    await this.tabs.ask('drop', conversationId);
  }

  async disband(conversationId: string): Promise<void> {
    await this.rest.call('DELETE /conversations/{conversationId}', { params: { conversationId } });
    await this.tabs.ask('refresh', conversationId);
  }

  async update(
    conversationId: string,
    change: RequestOf<'PATCH /conversations/{conversationId}'>['body'],
  ): Promise<void> {
    const request = { params: { conversationId }, body: change };
    await this.#told(await this.rest.call('PATCH /conversations/{conversationId}', request));
  }

  async setSettings(conversationId: string, change: Settings): Promise<void> {
    const request = { params: { conversationId }, body: change };
    const settings = await this.rest.call('PUT /conversations/{conversationId}/me', request);
    await this.tabs.ask('settings', { conversationId, settings });
  }

  async announce(conversationId: string, text: string): Promise<void> {
    const request = { params: { conversationId }, body: { text } };
    await this.rest.call('PUT /conversations/{conversationId}/announcement', request);
    await this.tabs.ask('refresh', conversationId);
  }

  markRead(conversationId: string, seq?: number): void {
    const record = this.replica.records.get(conversationId);
    if (record === undefined || record.state.readSeq >= (seq ?? record.head.seq)) return;
    this.tabs.ask('read', { conversationId, seq: seq ?? record.head.seq }).catch(() => {
      // Nobody leads: who looks at it says so again.
    });
  }

  saveDraft(conversationId: string, text: string): void {
    if ((this.replica.drafts.get(conversationId) ?? '') === text) return;
    void this.replica.put({ drafts: [{ conversationId, text }] });
  }

  async #told(conversation: Conversation): Promise<ConversationItem> {
    await this.tabs.ask('told', conversation);
    const item = this.list.item(conversation.conversationId);
    if (item !== undefined) return item;
    // The leader's patch is on its way to this tab.
    return new Promise((resolve) => {
      const stop = this.get(conversation.conversationId).subscribe((next) => {
        if (next === undefined) return;
        stop();
        resolve(next);
      });
    });
  }
}
