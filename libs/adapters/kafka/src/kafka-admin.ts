import type { Admin } from 'kafkajs';
import { setTimeout as rest } from 'node:timers/promises';
import { originOf, reasonOf, unavailable, within } from './failures.js';
import { KafkaClient, type KafkaEndpoint } from './kafka-client.js';

const DEADLINE_MS = 10_000;
/** A new topic, or one whose leader has just moved, is not known to every broker at once. */
const PASSING = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
]);
const FIRST_PAUSE_MS = 20;
const LAST_PAUSE_MS = 800;

interface Session {
  client: KafkaClient;
  admin: Promise<Admin>;
}

/** Questions to the cluster beside its records. One connection, made when it is needed and made anew when it failed. */
export class KafkaAdmin {
  private session: Session | undefined;

  constructor(private readonly endpoint: KafkaEndpoint) {}

  /** Rejects with a retryable error that says why. */
  async ask<T>(question: (admin: Admin) => Promise<T>, deadlineMs = DEADLINE_MS): Promise<T> {
    this.session ??= this.connect();
    const { session } = this;
    try {
      const end = performance.now() + deadlineMs;
      const answer = session.admin.then((admin) => repeatUntil(end, () => question(admin)));
      return await within(deadlineMs, answer, `no answer within ${deadlineMs / 1000} s`);
    } catch (error) {
      if (this.session === session) this.session = undefined;
      session.client.abandon();
      throw unavailable(reasonOf(error));
    }
  }

  async close(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    if (session === undefined) return;
    const disconnected = session.admin.then((admin) => admin.disconnect());
    await within(1000, disconnected, 'late').catch(() => undefined);
    session.client.abandon();
  }

  /** As if the process had died. */
  abandon(): void {
    this.session?.client.abandon();
  }

  private connect(): Session {
    const client = new KafkaClient(this.endpoint);
    const admin = client.kafka.admin();
    return { client, admin: admin.connect().then(() => admin) };
  }
}

async function repeatUntil<T>(end: number, question: () => Promise<T>): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)) {
    try {
      return await question();
    } catch (error) {
      if (!PASSING.has(originOf(error).type ?? '') || performance.now() + pauseMs > end) throw error;
    }
    await rest(pauseMs);
  }
}
