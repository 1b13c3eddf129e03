import { DomainError } from '@parley/kernel';
import type { ConversationLog } from '../ports/conversation-log.js';
import type { LogReader } from '../ports/log-reader.js';

/** A log and its reader over the same store. Windows under test: edit 24 h, recall 2 min. */
export interface LogUnderTest {
  log: ConversationLog;
  reader: LogReader;
  /** Moves the clock forward. */
  advance(ms: number): void;
  now(): number;
  close(): Promise<void>;
}

export type OpenLog = () => Promise<LogUnderTest>;

/** A test body that gets a store of its own and closes it. */
export const usingLog = (open: OpenLog) => (work: (test: LogUnderTest) => Promise<void>) => async () => {
  const test = await open();
  try {
    await work(test);
  } finally {
    await test.close();
  }
};

/** `ok`, or the code of the refusal, per change. */
export const codes = (outcomes: unknown[]): string[] =>
  outcomes.map((outcome) => (outcome instanceof DomainError ? outcome.code : 'ok'));

export const sent = (outcome: unknown) =>
  outcome as { messageId: string; seq: number; repeated: boolean; sentAt: number };
