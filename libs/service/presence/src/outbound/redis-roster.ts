import type { RedisStore } from '@parley/adapter-redis';
import { LEASE_MS, SETTLED_MS } from '@parley/core-presence';
import type { Clock } from '@parley/kernel';
import { createHash } from 'node:crypto';

/** How old the roster may be: leases end and nodes settle that much later for this instance. */
const MAX_AGE_MS = 1000;

interface Entry {
  nodeId: string;
  seenAt: number;
  settledAt: number;
}

/** The leases of all nodes, as this instance last read them. */
export class Roster {
  name = '';
  settledNodeIds: readonly string[] = [];
  private leases = new Map<string, Entry>();
  /** Leases that were looked for and are over. Asked for no more until the next reading. */
  private over = new Set<string>();
  private epoch: string | undefined;
  /** Time of the directory, and of this process, at the last reading. */
  private readAt = 0;
  private readLocally = 0;
  /** A node's word from before this does not count: what it told since may have been lost on the way. */
  private trustedFrom = 0;
  private generation = -1;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly read: () => Promise<string[]>,
    private readonly redis: RedisStore,
    private readonly clock: Clock | undefined,
  ) {}

  /** Reads anew where the directory is another one than the one that was read, or the last reading is old. */
  follow(epoch: string): Promise<void> | undefined {
    const isCurrent =
      epoch === this.epoch && this.generation === this.redis.generation && this.now() - this.readAt <= MAX_AGE_MS;
    if (!isCurrent) return this.refresh();
    return undefined;
  }

  /** The node that a lease is of; undefined when the lease is over. */
  nodeOf(lease: string): string | undefined | Promise<string | undefined> {
    const entry = this.leases.get(lease);
    if (entry !== undefined && this.isAlive(entry)) return entry.nodeId;
    if (this.over.has(lease)) return undefined;
    // Begun, or renewed, since the last reading.
    return this.refresh().then(() => {
      const now = this.leases.get(lease);
      if (now !== undefined && this.isAlive(now)) return now.nodeId;
      this.over.add(lease);
      return undefined;
    });
  }

  private refresh(): Promise<void> {
    this.reading ??= this.load().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async load(): Promise<void> {
    const { generation } = this.redis;
    const [at, epoch, ...rows] = await this.read();
    this.readAt = Number(at);
    this.readLocally = performance.now();
    if (generation !== this.generation) this.trustedFrom = this.readAt;
    this.generation = generation;
    this.epoch = epoch;
    this.over = new Set();
    this.leases = new Map();
    for (let i = 0; i < rows.length; i += 4)
      this.leases.set(rows[i] as string, {
        nodeId: rows[i + 1] as string,
        seenAt: Number(rows[i + 2]),
        settledAt: Number(rows[i + 3]),
      });
    this.settle();
  }

  private settle(): void {
    const settled = new Set<string>();
    for (const entry of this.leases.values())
      if (this.isAlive(entry) && entry.settledAt >= this.trustedFrom && this.readAt - entry.settledAt <= SETTLED_MS)
        settled.add(entry.nodeId);
    const ids = [...settled].sort();
    if (this.name !== '' && ids.join(' ') === this.settledNodeIds.join(' ')) return;
    this.settledNodeIds = ids;
    this.name = createHash('sha256').update(ids.join(' ')).digest('base64url').slice(0, 22);
  }

  private isAlive({ seenAt }: Entry): boolean {
    return this.now() - seenAt <= LEASE_MS;
  }

  private now(): number {
    return this.clock?.now() ?? this.readAt + (performance.now() - this.readLocally);
  }
}
