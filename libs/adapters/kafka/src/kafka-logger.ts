import { type LogEntry, logLevel } from 'kafkajs';

/** Nest's logger fits, and so does `console`. */
export interface KafkaLogger {
  debug(message: string): void;
  log(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Why we close sockets under kafkajs. */
export const GIVEN_UP = 'given up';

const REPEAT_MS = 30_000;
const MAX_REMEMBERED = 200;

/** Says the same once in a while only. */
export function rarely(tell: (text: string) => void): (text: string) => void {
  const told = new Map<string, number>();
  return (text) => {
    const now = performance.now();
    const last = told.get(text);
    if (last !== undefined && now - last < REPEAT_MS) return;
    if (told.size >= MAX_REMEMBERED) told.clear();
    told.set(text, now);
    tell(text);
  };
}

/**
 * kafkajs tells the same failure once per attempt and connection, thousands of times while a broker is away. Its errors become
 * warnings, each once in a while; the rest is for debugging. What matters to people we say ourselves.
 */
export function quietly(logger: KafkaLogger): (entry: LogEntry) => void {
  const warn = rarely((text) => logger.warn(text));
  return ({ level, namespace, log }) => {
    const text = `kafkajs ${namespace}: ${log.message}${reasonOf(log)}`;
    if (level === logLevel.ERROR && !EXPECTED.test(log.message)) warn(text);
    else logger.debug(text);
  };
}

/** Answers of a broker that say no, and sends that failed, go to whoever asked; the last is what we did ourselves. */
const EXPECTED = new RegExp(`^Response |^Failed to send messages|${GIVEN_UP}`);

function reasonOf(log: LogEntry['log']): string {
  const error: unknown = log['error'];
  return typeof error === 'string' && !log.message.includes(error) ? ` (${error})` : '';
}
