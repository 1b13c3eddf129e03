import type {
  AnswerOf,
  CommandInput,
  CommandName,
  CommandOutput,
  EventName,
  EventPayload,
  OperationName,
  RequestOf,
} from './api.js';
import type { Observable } from './observable.js';
import type { Upload } from './types.js';

/** What the halves of the SDK ask of each other, and of the place they run in. */

export type StorageTable = 'session' | 'conversations' | 'timeline' | 'outbox' | 'people' | 'meta';
/** Ordered as IndexedDB orders keys: numbers before text before arrays, arrays part by part. */
export type StorageKey = string | number | readonly (string | number)[];

export interface StorageRange {
  /** Inclusive. */
  from?: StorageKey;
  /** Inclusive. */
  to?: StorageKey;
  limit?: number;
  /** From the end. */
  backwards?: boolean;
}

/** Valid while the work runs. Awaiting anything but these methods ends it early. Values are structured clones, Blobs among them. */
export interface StorageTransaction {
  get<T>(table: StorageTable, key: StorageKey): Promise<T | undefined>;
  list<T>(table: StorageTable, range?: StorageRange): Promise<{ key: StorageKey; value: T }[]>;
  put(table: StorageTable, key: StorageKey, value: unknown): Promise<void>;
  delete(table: StorageTable, key: StorageKey): Promise<void>;
  /** All of a range, or all of the table. */
  deleteRange(table: StorageTable, range?: StorageRange): Promise<void>;
}

/** Survives a reload. Transactions are atomic and see each other's results one after the other, also over tabs. */
export interface Storage {
  read<T>(tables: readonly StorageTable[], work: (tx: StorageTransaction) => Promise<T>): Promise<T>;
  write<T>(tables: readonly StorageTable[], work: (tx: StorageTransaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** REST with the session's token: refreshed when it is due or refused, once for all tabs. Rejects with ParleyError only. */
export interface Rest {
  call<N extends OperationName>(name: N, request: RequestOf<N>): Promise<AnswerOf<N>>;
}

/** The one socket of all tabs. Only the leading tab has it; the others reach it through the leader. */
export interface Realtime {
  /**
   * Counts connections: a new number after each connect, undefined while there is none. On the leading tab only; undefined elsewhere.
   * Pushes of a connection are delivered after its number was set, so that who catches up on it misses none.
   */
  readonly connection: Observable<number | undefined>;
  /** From any tab. Rejects with `client.offline` without a connection, `client.timeout` when the connection ended or nothing came in time. */
  command<N extends CommandName>(
    name: N,
    input: CommandInput<N>,
    options?: { timeoutMs?: number },
  ): Promise<CommandOutput<N>>;
  /** Events as they come in, on every tab. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}

/** The tabs of one origin, account and namespace. In Node, or where the browser cannot elect, each client is its own leader. */
export interface Tabs {
  readonly id: string;
  readonly leading: Observable<boolean>;
  /** To all other tabs, in order per sender, best effort. */
  post(kind: string, body: unknown): void;
  on(kind: string, listener: (body: never, fromTab: string) => void): () => void;
  /** Asks the leader (which may be this tab); waits through a change of leader; rejects after `timeoutMs` (10 s). */
  ask<T>(method: string, input: unknown, options?: { timeoutMs?: number }): Promise<T>;
  /** What this tab does when it leads and is asked. */
  answer(method: string, handler: (input: never, fromTab: string) => Promise<unknown>): void;
  /** Tabs that are gone: to drop what they were interested in. On the leader. */
  onGone(listener: (tab: string) => void): () => void;
}

export interface Uploader {
  start(file: Blob, options: { name: string; conversationId?: string; idempotencyKey: string }): Upload;
}

/** Time and chance, so that tests own them. `now` in ms since the epoch. */
export interface Clockwork {
  now(): number;
  after(ms: number, work: () => void): () => void;
  /** 0 ≤ x < 1. */
  random(): number;
  /** A new UUID. */
  uuid(): string;
}
