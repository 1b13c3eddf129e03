/** What the log's own thread is asked for. Only types live here: the thread's file must load without resolving its siblings. */
export interface StoredBatch {
  topic: string;
  count: number;
  /** Packed records (see packing.ts); the store does not look inside. */
  body: Uint8Array<ArrayBuffer>;
}

export interface StoredRow {
  /** Position of the first record of this row within its topic. */
  first: number;
  count: number;
  body: Uint8Array<ArrayBuffer>;
}

export interface Progress {
  group: string;
  topic: string;
  /** Position of the next record to hand out. */
  next: number;
}

/** What is known at start: where each topic ends, and how far each group is. */
export interface StoreState {
  heads: { topic: string; next: number }[];
  progress: Progress[];
}

export interface StoreOptions {
  file: string;
  /** Records that every known group has passed are kept this long. */
  retentionMs: number;
  /** Dead letters wait for people, not for a group. */
  deadLetterRetentionMs: number;
  sweepMs: number;
}

export type StoreRequest =
  | { op: 'append'; batches: StoredBatch[] }
  | { op: 'read'; topic: string; from: number; maxRecords: number }
  | { op: 'join'; group: string; topic: string }
  | { op: 'record'; progress: Progress[] }
  | { op: 'close' };

export interface StoreCall {
  id: number;
  request: StoreRequest;
}

export type StoreAnswer = { id: number; result: unknown } | { id: number; error: string };

/** Handed to the thread at start; the mark tells a real start from an import by a test. */
export interface StoreBoot {
  parleyLogStore: true;
  options: StoreOptions;
}
