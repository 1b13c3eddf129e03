import { hash, verify } from '@node-rs/argon2';
import { PasswordHasher } from '@parley/core-identity';
import { DomainError } from '@parley/kernel';

/** OWASP's second recommendation for argon2id, which is the library's default algorithm: 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const RETRY_MS = 1000;

export interface HashQueue {
  /** Hashes at once; each takes a thread of the pool and 19 MiB. */
  concurrency: number;
  /** Hashes that may wait. */
  waiting: number;
}

/** argon2id on the thread pool, a few at a time, so that a flood of logins neither takes all memory nor all threads. */
export class Argon2PasswordHasher extends PasswordHasher {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private decoy: Promise<string> | undefined;

  constructor(private readonly queue: HashQueue = { concurrency: 2, waiting: 500 }) {
    super();
  }

  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password, PARAMETERS));
  }

  async matches(stored: string | undefined, password: string): Promise<boolean> {
    const against = stored ?? (await (this.decoy ??= this.makeDecoy()));
    const equal = await this.inTurn(() => verify(against, password));
    return stored !== undefined && equal;
  }

  /** Of something nobody can type: longer than a password may be. Made again where it failed for want of room in the queue. */
  private makeDecoy(): Promise<string> {
    return this.hash('\u0000'.repeat(256)).catch((error: unknown) => {
      this.decoy = undefined;
      throw error;
    });
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.queue.concurrency) {
      if (this.waiting.length >= this.queue.waiting)
        throw new DomainError('server.busy', 'unavailable', { retryAfterMs: RETRY_MS });
      // The one that ends hands its place on, so `running` stays as it is.
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
