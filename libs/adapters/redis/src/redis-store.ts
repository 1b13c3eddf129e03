import { Redis, type RedisOptions } from 'ioredis';
import { setTimeout as rest } from 'node:timers/promises';
import { redisError } from './redis-errors.js';

export interface RedisStoreOptions {
  /** `redis://[user:password@]host:port[/database]`, with TLS `rediss://`. One primary: a cluster is not supported, see `script`. */
  url: string;
  /** Before every key. */
  keyPrefix?: string;
  /** A command that is not answered by then fails, in ms. Default 1000. */
  commandTimeoutMs?: number;
  /** Says in one line what happens to the connection. */
  log?: (line: string) => void;
}

/** Calls of one Lua script: keys first, then arguments. Runs as one step: nothing else happens in Redis meanwhile. */
export type RedisScript = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

const COMMAND_TIMEOUT_MS = 1000;
const FIRST_PAUSE_MS = 50;
const LAST_PAUSE_MS = 1000;

/** The pause before the n-th try to connect again, with jitter so that a thousand processes do not come back as one. */
export function pauseBefore(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 10), LAST_PAUSE_MS);
  return Math.round(full * (0.5 + random() / 2));
}

/**
 * One connection to Redis, shared by everything in the process. While Redis is away commands fail at once with `server.unavailable`
 * instead of waiting in memory, and what was under way when the connection broke fails too: it may or may not have happened, so
 * everything that is kept here is written idempotently. The connection comes back by itself.
 */
export class RedisStore {
  /** For libraries that bring their own commands. Its errors are raw: see `run`. */
  readonly client: Redis;
  /** Host and port, for people. Never the password. */
  readonly address: string;
  private readonly commandTimeoutMs: number;
  private readonly log: (line: string) => void;
  private reason = 'not connected yet';
  private connections = 0;
  private told = false;
  private closing = false;

  constructor(options: RedisStoreOptions) {
    const { hostname, port } = new URL(options.url);
    this.address = `${hostname}:${port || '6379'}`;
    this.commandTimeoutMs = options.commandTimeoutMs ?? COMMAND_TIMEOUT_MS;
    this.log = options.log ?? (() => undefined);
    this.client = new Redis(options.url, settings(this.commandTimeoutMs, options.keyPrefix ?? ''));
    this.client.on('error', (error: Error) => {
      this.reason = reasonOf(error);
    });
    this.client.on('ready', () => this.onReady());
    this.client.on('close', () => this.onClose());
    // The first try; later ones are ioredis'. It rejects with what `error` has told already.
    this.client.connect().catch(() => undefined);
  }

  get isReady(): boolean {
    return this.client.status === 'ready';
  }

  /** How often a connection was made. A different number than before: commands may have failed, and data may be gone, in between. */
  get generation(): number {
    return this.connections;
  }

  /** Resolves when Redis answers (or is closed), and says what is waited for while it does not. Rejects when `signal` fires. */
  async waitUntilReady(signal?: AbortSignal): Promise<void> {
    for (let attempt = 1; !this.isReady && !this.closing; attempt += 1) {
      await rest(attempt === 1 ? 20 : pauseBefore(attempt + 2), undefined, { signal });
      if (!this.isReady && !this.closing && attempt > 1)
        this.log(`waiting for Redis at ${this.address}: ${this.reason}`);
    }
  }

  /** For readiness: rejects with the reason. */
  async check(): Promise<void> {
    if (!this.isReady) throw new Error(`Redis at ${this.address}: ${this.reason}`);
    await this.client.ping();
  }

  /** Runs commands and maps their errors. */
  async run<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    try {
      return await work(this.client);
    } catch (error) {
      throw redisError(error);
    }
  }

  /**
   * A Lua script under a name, sent by its hash. Keys that a script makes from other keys are not declared, which one primary with
   * replicas takes and a cluster does not.
   */
  script(name: string, lua: string, numberOfKeys: number): RedisScript {
    this.client.defineCommand(name, { lua, numberOfKeys });
    const commands = this.client as unknown as Record<string, (...args: (string | number)[]) => Promise<unknown>>;
    return async (keys, args) => this.run(() => (commands[name] as (typeof commands)[string])(...keys, ...args));
  }

  /** At once: `quit` would wait for a Redis that may never answer. */
  close(): void {
    this.closing = true;
    this.client.disconnect();
  }

  private onReady(): void {
    this.connections += 1;
    if (this.connections > 1) this.log(`Redis at ${this.address} is back`);
    this.reason = 'the connection was closed';
    this.told = false;
  }

  private onClose(): void {
    // Once per outage, however many tries to connect end in it.
    if (this.told || this.closing || this.connections === 0) return;
    this.told = true;
    this.log(`Redis at ${this.address} is gone: ${this.reason}`);
  }
}

function settings(commandTimeoutMs: number, keyPrefix: string): RedisOptions {
  return {
    keyPrefix,
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2000,
    commandTimeout: commandTimeoutMs,
    // A Redis that took a command and says nothing is as good as gone: commands after this one then fail at once.
    socketTimeout: commandTimeoutMs * 1.5,
    retryStrategy: pauseBefore,
    // After a failover the old primary refuses writes: look where the new one is.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    enableAutoPipelining: false,
  };
}

function reasonOf(error: Error & { code?: string }): string {
  return error.message || error.code || error.name;
}
