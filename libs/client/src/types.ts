import type {
  AnswerOf,
  CommandInput,
  CommandName,
  CommandOutput,
  Contact,
  ContactRequest,
  Conversation,
  ConversationEvent,
  DeviceSession,
  EventName,
  EventPayload,
  FileInfo,
  Member,
  Message,
  MessageBody,
  OperationName,
  Person,
  Presence,
  RequestOf,
  User,
} from './api.js';
import type { ParleyError } from './errors.js';
import type { Observable } from './observable.js';

/**
 * The public shape of `@parley/client`. What changes by itself is an `Observable`; what somebody asks for is a method that
 * resolves when the server has said yes and rejects with a `ParleyError`, except sends: these wait in the outbox and never reject.
 */
export interface ParleyClient {
  readonly session: SessionControl;
  readonly connection: Observable<ConnectionState>;
  readonly conversations: Conversations;
  readonly contacts: Contacts;
  /** Names and avatars of people, kept and looked up in batches. */
  readonly people: People;
  readonly presence: PresenceControl;
  readonly files: Files;
  /** A window on the timeline of a conversation. Every call with the same id answers the same window; `release` it when it leaves the screen. */
  messages(conversationId: string): MessageWindow;
  members(conversationId: string): MemberList;
  /** Who types or records in a conversation now, me left out. Ends by itself. */
  typing(conversationId: string): Observable<readonly Typing[]>;
  /** Call it on every key press; it is sent as seldom as it can be, and `stopped` follows by itself after 5 s. */
  setTyping(conversationId: string, state: 'typing' | 'recording' | 'stopped'): void;
  search(query: SearchQuery): Promise<SearchPage>;
  /** Any REST operation, typed; the access token is added and refreshed. */
  call<N extends OperationName>(name: N, request: RequestOf<N>): Promise<AnswerOf<N>>;
  /** Any socket command, typed; rejects with `client.offline` without a connection. */
  command<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>>;
  /** Any event of the server, on every tab. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  /** Try now, instead of at `retryAt`. From any tab; does nothing unless offline. */
  reconnect(): void;
  /** Lets go of the socket, timers and storage. What waits in the outbox is sent by the next client on this storage. */
  close(): Promise<void>;
}

export interface ClientOptions {
  /** Origin of the server, `https://chat.example.org`. In a browser the page's own where not said. */
  url?: string;
  /** Where the session, the cache and the outbox live: `indexeddb` (the default where there is one), `memory`, or a `Storage` of your own. */
  storage?: 'indexeddb' | 'memory' | import('./ports.js').Storage;
  /** Keeps several accounts or applications on one origin apart. `parley` where not said. */
  namespace?: string;
  /** What the list of devices shows of this one. */
  device?: { name?: string; platform?: string };
  /** Language of error texts: `en`, `zh-CN`. The browser's where not said. */
  language?: string;
  /**
   * `shared`: clients with this namespace and storage share one connection; the default for `indexeddb`, where the browser can elect a leader (Web Locks and
   * BroadcastChannel, on pages that came over https or from localhost). `alone`: this one has its own.
   */
  tabs?: 'shared' | 'alone';
}

// ── session ──────────────────────────────────────────────────────────────────────────────────────────────────────────
export type SessionState =
  /** Reading what is stored. */
  | { status: 'loading' }
  /** `reason` says why, where there was a session before. */
  | { status: 'signed-out'; reason?: 'logout' | 'expired' | 'revoked' | 'banned' | 'deleted' }
  | { status: 'signed-in'; user: User; sessionId: string; deviceId: string };

/** One account on this storage, shared by all tabs: who signs in or out in one does so in all. */
export interface SessionControl extends Observable<SessionState> {
  register(input: { username: string; password: string; displayName?: string }): Promise<User>;
  login(input: { username: string; password: string }): Promise<User>;
  guest(input?: { displayName?: string }): Promise<User>;
  /** A guest becomes a user: same id, same conversations. */
  upgrade(input: { username: string; password: string }): Promise<User>;
  /** Ends the session and deletes what is stored here, also when the server cannot be reached (it is told when it can). */
  logout(options?: { everywhere?: boolean }): Promise<void>;
  changePassword(input: { current: string; next: string }): Promise<void>;
  updateProfile(change: { displayName?: string; avatarFileId?: string | null }): Promise<User>;
  deleteAccount(): Promise<void>;
  devices(): Promise<readonly DeviceSession[]>;
  endDevice(sessionId: string): Promise<void>;
}

// ── connection ───────────────────────────────────────────────────────────────────────────────────────────────────────
/**
 * `idle`: nobody is signed in · `offline`: no connection, a try at `retryAt` (ms since the epoch) or when the network is back ·
 * `connecting` · `syncing`: connected, catching up · `online`: connected and caught up.
 */
export interface ConnectionState {
  status: 'idle' | 'offline' | 'connecting' | 'syncing' | 'online';
  retryAt?: number;
  error?: ParleyError;
  /** Messages in the outbox that still have to be sent. */
  waiting: number;
}

// ── conversations ────────────────────────────────────────────────────────────────────────────────────────────────────
/** A conversation as lists show it. The server's object, with what this device adds. */
export interface ConversationItem extends Omit<Conversation, 'lastMessage'> {
  /** The newest message, my unsent ones included. */
  lastMessage?: MessageItem;
  /** Text that was typed and not sent; kept on this device. */
  draft?: string;
  /** The title, or the other's name in a direct conversation. Empty while a name is looked up. */
  displayTitle: string;
  /** Members' sends that failed here and want a decision. */
  failedCount: number;
}

export interface UnreadTotal {
  /** Over conversations that are neither muted nor archived. */
  messages: number;
  mentions: number;
  conversations: number;
}

/** My conversations: pinned ones first, then by latest activity; archived ones are in it (look at `settings.archived`). */
export interface Conversations extends Observable<readonly ConversationItem[]> {
  /** False until the cache or the server has said what there is. */
  readonly loaded: Observable<boolean>;
  readonly unread: Observable<UnreadTotal>;
  get(conversationId: string): Observable<ConversationItem | undefined>;
  openDirect(userId: string): Promise<ConversationItem>;
  create(
    input: RequestOf<'POST /conversations'>['body'],
  ): Promise<ConversationItem & { refusedUserIds: readonly string[] }>;
  join(conversationId: string): Promise<ConversationItem>;
  acceptInvitation(code: string): Promise<ConversationItem>;
  leave(conversationId: string): Promise<void>;
  disband(conversationId: string): Promise<void>;
  update(conversationId: string, change: RequestOf<'PATCH /conversations/{conversationId}'>['body']): Promise<void>;
  setSettings(conversationId: string, change: { muted?: boolean; pinned?: boolean; archived?: boolean }): Promise<void>;
  announce(conversationId: string, text: string): Promise<void>;
  /** I have seen everything up to `seq` (the newest where not said). Sent in batches; only grows. */
  markRead(conversationId: string, seq?: number): void;
  saveDraft(conversationId: string, text: string): void;
}

// ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────
/** `queued` waits for a connection or its turn · `sending` · `failed` wants `retry` or `discard` · `committed` has its seq. */
export type SendState = 'queued' | 'sending' | 'failed' | 'committed';

export interface MessageItem extends Omit<Message, 'messageId' | 'seq' | 'content' | 'changedSeq'> {
  /** The same before and after the commit: what a list should be keyed by. */
  key: string;
  /** Absent until committed. */
  messageId?: string;
  seq?: number;
  /** Absent when recalled. */
  content?: Record<string, unknown>;
  mine: boolean;
  state: SendState;
  /** Why it failed. */
  error?: ParleyError;
  /** Of an attachment that is on its way. */
  upload?: UploadProgress;
  /** The attachment itself, while it is only here: for a preview. */
  localFile?: Blob;
}

/** A line of the log that is no message but worth a line: who joined, a new title, a call. `type` as in `conversation:events`. */
export type NoticeItem = ConversationEvent & { key: string };

export type TimelineItem = { kind: 'message'; message: MessageItem } | { kind: 'notice'; notice: NoticeItem };

export interface WindowState {
  /** Oldest first, without holes between the first and the last. */
  items: readonly TimelineItem[];
  hasOlder: boolean;
  /** True after a jump into the past: new messages then arrive beyond the window. */
  hasNewer: boolean;
  loading: 'initial' | 'older' | 'newer' | 'jump' | undefined;
  /** Of the last load. */
  error?: ParleyError;
}

export interface Attachment {
  file: Blob;
  /** Of the file, where it is no `File`. */
  name?: string;
  /** By the content type where not said. */
  type?: 'image' | 'file' | 'audio' | 'video';
  caption?: string;
  /** What the content wants beyond the file: `width` and `height`, `durationMs`, `waveform`. */
  content?: Record<string, unknown>;
}

export interface SendExtras {
  /** messageId. */
  replyTo?: string;
  /** User ids, or `all`. */
  mentions?: readonly string[];
}

export interface MessageWindow extends Observable<WindowState> {
  readonly conversationId: string;
  /** Newest pin first. */
  readonly pins: Observable<readonly MessageItem[]>;
  /** The latest page, from the cache at once where there is one. Called by the first `subscribe` too. */
  open(): Promise<void>;
  /** It has left the screen: what was loaded beyond the latest page is let go. */
  release(): void;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  toLatest(): Promise<void>;
  /** Brings the place into the window; resolves with the key of the item at it, or next after it. */
  jumpTo(place: { seq: number } | { messageId: string } | { date: Date } | 'first-unread'): Promise<string | undefined>;
  /** Puts it into the outbox and the window, and answers what the window shows. Never rejects: see `state` and `error`. */
  send(body: MessageBody, extras?: SendExtras): MessageItem;
  sendFile(attachment: Attachment, extras?: SendExtras): MessageItem;
  /** Forwards copies of messages (text and files) to another conversation, in order. */
  forward(messageIds: readonly string[], toConversationId: string): Promise<void>;
  retry(key: string): void;
  /** Stops the upload of an attachment until `resume`, over reloads, too; what was sent after it goes first. From any tab; see `upload.state`. */
  pause(key: string): void;
  resume(key: string): void;
  /** Takes an unsent message out of the outbox; stops its upload. */
  discard(key: string): void;
  edit(messageId: string, content: Record<string, unknown>): Promise<void>;
  recall(messageId: string): Promise<void>;
  /** For me, on all my devices. */
  remove(messageId: string): Promise<void>;
  react(messageId: string, emoji: string, on: boolean): Promise<void>;
  pin(messageId: string, on: boolean): Promise<void>;
  receipts(messageId: string): Promise<AnswerOf<'GET /conversations/{conversationId}/messages/{messageId}/receipts'>>;
  /** One message, also from outside the window: what a reply quotes. From the cache where it is there. */
  find(messageId: string): Promise<MessageItem | undefined>;
}

// ── the others ───────────────────────────────────────────────────────────────────────────────────────────────────────
export interface MemberListState {
  items: readonly Member[];
  hasMore: boolean;
  loading: boolean;
  error?: ParleyError;
}

/** Members as the server pages them, kept true by the log's events. */
export interface MemberList extends Observable<MemberListState> {
  open(): Promise<void>;
  loadMore(): Promise<void>;
  release(): void;
  /** For completion of mentions; a prefix of nickname, name or username. */
  find(prefix: string): Promise<readonly Member[]>;
  add(userIds: readonly string[]): Promise<{ refusedUserIds: readonly string[] }>;
  change(
    userId: string,
    change: { role?: 'owner' | 'admin' | 'member'; mutedUntil?: string | null; nickname?: string },
  ): Promise<void>;
  remove(userId: string): Promise<void>;
}

export interface Contacts extends Observable<readonly Contact[]> {
  readonly loaded: Observable<boolean>;
  readonly incoming: Observable<readonly ContactRequest[]>;
  readonly outgoing: Observable<readonly ContactRequest[]>;
  readonly blocked: Observable<readonly string[]>;
  /** Loads what is not loaded yet; live from then on. */
  open(): Promise<void>;
  request(userId: string, greeting?: string): Promise<void>;
  accept(requestId: string): Promise<void>;
  decline(requestId: string): Promise<void>;
  update(userId: string, change: { remark?: string; tags?: string[] }): Promise<void>;
  remove(userId: string): Promise<void>;
  block(userId: string, on: boolean): Promise<void>;
}

export interface People {
  /** Looks up what is not known (one request for many); undefined until then, and where there is no such person. */
  get(userId: string): Observable<Person | undefined>;
  search(q: string, cursor?: string): Promise<{ items: readonly User[]; nextCursor?: string }>;
}

export interface PresenceControl {
  /** Watched as long as somebody subscribes; undefined where it is not known or not mine to see. */
  of(userId: string): Observable<Presence | undefined>;
}

export interface Typing {
  userId: string;
  state: 'typing' | 'recording';
}

export interface UploadProgress {
  sent: number;
  total: number;
  state: 'waiting' | 'uploading' | 'paused' | 'checking' | 'done' | 'failed';
}

/** One file on its way. It survives lost connections, and goes on where it was. */
export interface Upload extends Observable<UploadProgress> {
  /** The file when it is ready; rejects when it failed for good or was cancelled. */
  readonly done: Promise<FileInfo>;
  pause(): void;
  resume(): void;
  cancel(): void;
}

export interface Files {
  upload(file: Blob, options?: { name?: string; conversationId?: string; idempotencyKey?: string }): Upload;
  /** A URL for `<img>`, `<video>` or a download; short-lived, asked for again before it ends, shared by all who want the same. */
  url(fileId: string, options?: { thumbnail?: 64 | 160 | 320 | 640 | 1280 }): Promise<string>;
  info(fileId: string): Promise<FileInfo>;
}

export interface SearchQuery {
  q: string;
  conversationId?: string;
  senderId?: string;
  type?: string;
  from?: string;
  to?: string;
  cursor?: string;
}

export interface SearchPage {
  items: readonly {
    message: MessageItem;
    conversationId: string;
    snippet: readonly { text: string; match: boolean }[];
  }[];
  nextCursor?: string;
}
