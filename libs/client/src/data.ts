import type { Message } from './api.js';
import type { ErrorMaker } from './errors.js';
import type { Observable } from './observable.js';
import type { Clockwork, Realtime, Rest, Storage, Tabs, Uploader } from './ports.js';
import type { Conversations, MemberList, MessageItem, MessageWindow, People } from './types.js';

/**
 * Where the two halves of the SDK meet: conversations, messages, members, outbox and sync on one side (`createData`, in
 * data-half.ts), session, connection, tabs and the rest on the other. `createClient` makes one of it and starts and stops it.
 */
export interface DataParts {
  rest: Rest;
  realtime: Realtime;
  tabs: Tabs;
  /**
   * Belongs to the account that was started: a write rejects with `client.signed_out`, and does nothing, once another tab has
   * signed out or somebody else in. Nothing has to be deleted at a sign-out: the session does that, in the transaction that ends it.
   * The tables `conversations`, `timeline`, `outbox` and `meta` are this half's; `session` and `people` are not.
   */
  storage: Storage;
  clockwork: Clockwork;
  uploader: Uploader;
  people: PeopleNotes;
  /** An error of the client's own, its text in the language asked for. */
  errors: ErrorMaker;
}

/** Whose data this is. Stays the same through a guest's upgrade. */
export interface Account {
  userId: string;
  deviceId: string;
  sessionId: string;
}

export interface PeopleNotes extends People {
  /** What an answer said about somebody by the way (`peer` of a conversation, `user` of a member): saves the look-up. */
  note(
    people: readonly (
      | { userId: string; displayName?: string; avatarFileId?: string; kind?: 'user' | 'guest' }
      | undefined
    )[],
  ): void;
}

export interface DataHalf {
  readonly conversations: Conversations;
  messages(conversationId: string): MessageWindow;
  members(conversationId: string): MemberList;
  /** Messages in the outbox that still have to be sent, of all tabs; on every tab. */
  readonly waiting: Observable<number>;
  /** On the leading tab: the present connection has caught up (`sync` said so, and what came meanwhile is applied). False without a connection. */
  readonly caughtUp: Observable<boolean>;
  /** For results of a search: as the windows show it, reactions, `mine` and the like filled in. */
  itemOf(message: Message): MessageItem;
  /** Somebody is signed in: read the cache, go live. Never called twice without a `stop` in between. */
  start(account: Account): Promise<void>;
  /**
   * Nobody is any more, or the client closes: drop what is in memory (observables go back to how they were at first), stop timers and uploads.
   * Collections and windows that were handed out stay good and fill again with the next `start`. Writes may still be under way; they are refused, see `storage`.
   */
  stop(): void;
}

/** In data-half.ts: `export const createData: CreateData = (parts) => …`. */
export type CreateData = (parts: DataParts) => DataHalf;

/**
 * In store/index.ts: `export const memoryStorage: () => Storage` and `export const indexedDbStorage: (name: string) => Storage`
 * (opens at the first use, and rejects where the browser refuses it).
 */
export interface Storages {
  memoryStorage(): Storage;
  indexedDbStorage(name: string): Storage;
}
