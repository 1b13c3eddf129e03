import { DomainError } from '@parley/kernel';

interface KafkaFailure extends Error {
  type?: string;
  retriable?: boolean;
  cause?: KafkaFailure;
  originalError?: KafkaFailure;
}

/** The error that kafkajs has wrapped, often several times. */
export function originOf(error: unknown): KafkaFailure {
  let origin = error as KafkaFailure;
  for (let depth = 0; depth < 8; depth += 1) {
    const inner = origin.cause ?? origin.originalError;
    if (!(inner instanceof Error) || inner === origin) break;
    origin = inner;
  }
  return origin;
}

export function reasonOf(error: unknown): string {
  const origin = originOf(error);
  return origin.type ?? origin.message ?? String(error);
}

export const unavailable = (message: string) => new DomainError('server.unavailable', 'unavailable', { message });
export const closed = () => unavailable('The event log is closed.');

/** Rejects when the time is up. What was begun goes on; its failure is nobody's business any more. */
export async function within<T>(ms: number, work: Promise<T>, message: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable(message)), Math.max(0, ms));
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
