import { batched } from '../batch.js';
import type { PeopleNotes } from '../data.js';
import type { ItemKeys } from '../messages/items.js';
import { State } from '../observable.js';
import type { Replica } from '../store/replica.js';
import type { OutboxEntry, Patch } from '../store/shapes.js';
import type { ConversationItem, UnreadTotal } from '../types.js';
import { compareItems, conversationItem } from './item.js';

const NOTHING: UnreadTotal = { messages: 0, mentions: 0, conversations: 0 };

/** All conversations as items, sorted. Only those that changed are made anew and put in their new place. */
export class ItemList {
  readonly state = new State<readonly ConversationItem[]>([]);
  readonly unread = new State<UnreadTotal>(NOTHING);
  readonly #items = new Map<string, ConversationItem>();
  readonly #singles = new Map<string, State<ConversationItem | undefined>>();
  readonly #stale = new Set<string>();
  /** How to stop watching the names of peers, by conversation. */
  readonly #peers = new Map<string, () => void>();
  /** Conversations by the keys of what waits in their outbox. */
  readonly #holders = new Map<string, string>();
  readonly #publish = batched(() => this.#publishNow());

  constructor(
    private readonly replica: Replica,
    private readonly people: PeopleNotes,
    private readonly keys: ItemKeys,
  ) {}

  take(patch: Patch): void {
    for (const { conversationId } of patch.records ?? []) this.touch(conversationId);
    for (const conversationId of patch.removed ?? []) this.touch(conversationId);
    for (const { conversationId } of patch.drafts ?? []) this.touch(conversationId);
    for (const { key, conversationId } of patch.entries ?? []) {
      this.#holders.set(key, conversationId);
      this.touch(conversationId);
    }
    for (const key of patch.entriesGone ?? []) {
      const holder = this.#holders.get(key);
      this.#holders.delete(key);
      if (holder !== undefined) this.touch(holder);
    }
  }

  touch(conversationId: string): void {
    this.#stale.add(conversationId);
    this.#publish();
  }

  all(): void {
    for (const id of [...this.replica.records.keys(), ...this.#items.keys()]) this.#stale.add(id);
    this.#publishNow();
  }

  single(conversationId: string): State<ConversationItem | undefined> {
    let single = this.#singles.get(conversationId);
    if (single === undefined) {
      single = new State(this.#items.get(conversationId));
      this.#singles.set(conversationId, single);
    }
    return single;
  }

  /** As it is now, what is not published yet included. */
  item(conversationId: string): ConversationItem | undefined {
    this.#publishNow();
    return this.#items.get(conversationId);
  }

  reset(): void {
    for (const stop of this.#peers.values()) stop();
    this.#peers.clear();
    this.#items.clear();
    this.#stale.clear();
    this.#holders.clear();
    this.state.set([]);
    this.unread.set(NOTHING);
    for (const single of this.#singles.values()) single.set(undefined);
  }

  #publishNow(): void {
    if (this.#stale.size === 0) return;
    const touched = [...this.#stale];
    this.#stale.clear();
    const entries = this.#entriesOf(new Set(touched));
    for (const id of touched) this.#remake(id, entries.get(id) ?? []);
    this.state.set(this.#sorted(new Set(touched)));
    for (const id of touched) this.#singles.get(id)?.set(this.#items.get(id));
    this.unread.set(this.#total());
  }

  #remake(conversationId: string, entries: OutboxEntry[]): void {
    const record = this.replica.records.get(conversationId);
    if (record === undefined) {
      this.#items.delete(conversationId);
      this.#peers.get(conversationId)?.();
      this.#peers.delete(conversationId);
      return;
    }
    const peerId = record.state.peer?.userId;
    const person = peerId === undefined ? undefined : this.people.get(peerId);
    if (person !== undefined && !this.#peers.has(conversationId))
      this.#peers.set(
        conversationId,
        person.subscribe(() => this.touch(conversationId)),
      );
    entries.sort((a, b) => a.order - b.order);
    const beside = { me: this.replica.me, keys: this.keys, draft: this.replica.drafts.get(conversationId), entries };
    this.#items.set(conversationId, conversationItem(record, { ...beside, person: person?.value }));
  }

  #entriesOf(ids: ReadonlySet<string>): Map<string, OutboxEntry[]> {
    const found = new Map<string, OutboxEntry[]>();
    for (const entry of this.replica.entries.values()) {
      if (!ids.has(entry.conversationId)) continue;
      const list = found.get(entry.conversationId) ?? [];
      found.set(entry.conversationId, list);
      list.push(entry);
    }
    return found;
  }

  #sorted(touched: ReadonlySet<string>): readonly ConversationItem[] {
    const moved = [...touched].flatMap((id) => this.#items.get(id) ?? []).sort(compareItems);
    const rest = this.state.value.filter((item) => !touched.has(item.conversationId));
    const merged: ConversationItem[] = [];
    let at = 0;
    for (const item of rest) {
      while (at < moved.length && compareItems(moved[at] as ConversationItem, item) < 0)
        merged.push(moved[at++] as ConversationItem);
      merged.push(item);
    }
    return [...merged, ...moved.slice(at)];
  }

  #total(): UnreadTotal {
    const total = { ...NOTHING };
    for (const { settings, unreadCount, mentionCount } of this.#items.values()) {
      if (settings.muted || settings.archived || unreadCount === 0) continue;
      total.messages += unreadCount;
      total.mentions += mentionCount;
      total.conversations++;
    }
    const now = this.unread.value;
    const same =
      now.messages === total.messages && now.mentions === total.mentions && now.conversations === total.conversations;
    return same ? now : total;
  }
}
