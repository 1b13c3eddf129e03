import { ConversationList } from './conversations/conversation-list.js';
import { ItemList } from './conversations/item-list.js';
import type { Account, CreateData, DataHalf, DataParts } from './data.js';
import { ConversationMembers } from './members/member-list.js';
import { ItemKeys, itemOfMessage } from './messages/items.js';
import { ConversationMessages } from './messages/message-window.js';
import { Outbox } from './outbox/outbox.js';
import { Replica } from './store/replica.js';
import type { Patch } from './store/shapes.js';
import { Leader } from './sync/leader.js';
import type { UploadProgress } from './types.js';

/** Conversations, messages, members, outbox and sync. */
export const createData: CreateData = (parts) => new Data(parts);

class Data implements DataHalf {
  readonly conversations: ConversationList;
  private readonly replica: Replica;
  private readonly outbox: Outbox;
  readonly #leader: Leader;
  readonly #list: ItemList;
  private readonly keys = new ItemKeys();
  /** Of uploads, by key of their entry; told by the leader. */
  private readonly progress = new Map<string, UploadProgress>();
  readonly #windows = new Map<string, ConversationMessages>();
  readonly #memberLists = new Map<string, ConversationMembers>();
  #started = false;

  constructor(private readonly parts: DataParts) {
    const { rest, tabs, storage, clockwork, people } = parts;
    this.replica = new Replica(storage, tabs);
    this.#list = new ItemList(this.replica, people, this.keys);
    this.outbox = new Outbox(this.replica, tabs, clockwork);
    this.conversations = new ConversationList(rest, tabs, this.replica, this.#list, clockwork);
    this.replica.onPatch((patch) => this.#take(patch));
    const progressed = (key: string, progress: UploadProgress | undefined) => {
      this.#progressed(key, progress);
      tabs.post('progress', { key, progress });
    };
    this.#leader = new Leader(parts, this.replica, progressed, () => {
      this.#online();
      tabs.post('online', {});
    });
    tabs.on('progress', ({ key, progress }: { key: string; progress?: UploadProgress }) =>
      this.#progressed(key, progress),
    );
    tabs.on('online', () => this.#online());
    tabs.leading.subscribe((leads) => {
      if (this.#started) void this.#leader.lead(leads);
    });
  }

  get waiting() {
    return this.outbox.waiting;
  }

  get caughtUp() {
    return this.#leader.caughtUp;
  }

  messages(conversationId: string): ConversationMessages {
    let window = this.#windows.get(conversationId);
    if (window === undefined) {
      const { replica, outbox, keys, progress } = this;
      window = new ConversationMessages(conversationId, { ...this.parts, replica, outbox, keys, progress });
      this.#windows.set(conversationId, window);
    }
    return window;
  }

  members(conversationId: string): ConversationMembers {
    let members = this.#memberLists.get(conversationId);
    if (members === undefined) {
      members = new ConversationMembers(conversationId, this.parts);
      this.#memberLists.set(conversationId, members);
    }
    return members;
  }

  itemOf: DataHalf['itemOf'] = (message) => itemOfMessage(message, this.replica.me, this.keys);

  async start({ userId }: Account): Promise<void> {
    this.#started = true;
    const known = await this.replica.start(userId);
    if (!this.#started || this.replica.me !== userId) return;
    this.#list.all();
    if (known) this.conversations.loaded.set(true);
    if (this.parts.tabs.leading.value) await this.#leader.lead(true);
    for (const window of this.#windows.values()) window.started();
  }

  stop(): void {
    this.#started = false;
    void this.#leader.lead(false);
    this.replica.stop();
    this.outbox.stop();
    this.keys.clear();
    this.progress.clear();
    this.#list.reset();
    this.conversations.loaded.set(false);
    for (const window of this.#windows.values()) window.reset();
    for (const members of this.#memberLists.values()) members.reset();
  }

  #take(patch: Patch): void {
    // Before windows make items of the rows that may have come of them.
    for (const entry of patch.entries ?? []) this.keys.know(entry);
    this.#list.take(patch);
    if (patch.notes?.['known'] === true) {
      this.#list.all();
      this.conversations.loaded.set(true);
    }
    for (const window of this.#windows.values()) window.take(patch);
  }

  #progressed(key: string, progress: UploadProgress | undefined): void {
    if (progress === undefined) this.progress.delete(key);
    else this.progress.set(key, progress);
    for (const window of this.#windows.values()) window.progressed(key);
  }

  #online(): void {
    for (const window of this.#windows.values()) window.online();
    for (const members of this.#memberLists.values()) members.refresh();
  }
}
