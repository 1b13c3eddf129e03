import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventLog, LogRecord, ReceivedRecord } from '../event-log.js';
import type { EventLogHarness } from './event-log.contract.js';

const DEADLINE = { timeout: 30_000, interval: 10 };
const KEYS = Array.from({ length: 24 }, (_, index) => `k${index}`);

/** What all members of a group were handed, in the order of their hands. Repeats are allowed, what is new must be the next of its key. */
class Ledger {
  private readonly next = new Map<string, number>();
  readonly violations: string[] = [];
  readonly holders = new Map<string, string>();
  private readonly active = new Map<string, string>();

  /** A handler for one member that takes its time, so that members can get into each other's way. */
  member(name: string, ms = 0): (records: ReceivedRecord[]) => Promise<void> {
    return async (records) => {
      const keys = new Set(records.map((record) => record.key));
      for (const key of keys) {
        const other = this.active.get(key);
        if (other !== undefined) this.violations.push(`${key} is handled by ${other} and ${name} at once`);
        this.active.set(key, name);
      }
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      for (const record of records) this.take(record);
      for (const key of keys) {
        this.active.delete(key);
        this.holders.set(key, name);
      }
    };
  }

  /** A member that died handles nothing any more, whatever still runs of it. */
  forgetActive(name: string): void {
    for (const [key, holder] of this.active) if (holder === name) this.active.delete(key);
  }

  /** Keys that have been handed out up to this number. */
  complete(count: number): number {
    return KEYS.filter((key) => (this.next.get(key) ?? 0) >= count).length;
  }

  heldBy(name: string): string[] {
    return KEYS.filter((key) => this.holders.get(key) === name);
  }

  private take(record: LogRecord): void {
    const number = Number(new TextDecoder().decode(record.value));
    const next = this.next.get(record.key) ?? 0;
    if (number > next) this.violations.push(`${record.key}: ${number} came before ${next}`);
    if (number === next) this.next.set(record.key, next + 1);
  }
}

/** What a log does beyond the contract of every log when several processes share it. Run both suites on it. */
export function eventLogGroupContract(name: string, makeHarness: () => Promise<EventLogHarness>): void {
  describe(`event log with several processes: ${name}`, { timeout: 60_000 }, () => {
    let harness: EventLogHarness;
    let open: EventLog[];
    let topic: string;
    let ledger: Ledger;
    let published: number;

    const start = async () => {
      const log = await harness.open();
      open.push(log);
      return log;
    };
    const join = async (member: string, { ms = 0, lost = (_: (key: string) => boolean) => {} } = {}) => {
      const log = await start();
      await log.subscribe({ group: 'a.fan-out', topic, handle: ledger.member(member, ms), lost });
      return log;
    };
    const ending = (log: EventLog) => {
      open = open.filter((other) => other !== log);
      return log;
    };
    /** The next number of every key. */
    const publish = async (by: EventLog, rounds = 1) => {
      for (let round = 0; round < rounds; round += 1) {
        const value = new TextEncoder().encode(String(published));
        await by.publishBatch(KEYS.map((key) => ({ topic, key, value })));
        published += 1;
      }
    };
    const allHandled = () => vi.waitFor(() => expect(ledger.complete(published)).toBe(KEYS.length), DEADLINE);
    const bothHold = (one: string, other: string) =>
      vi.waitFor(async () => {
        await publish(open[0] as EventLog);
        expect(ledger.heldBy(one).length).toBeGreaterThan(0);
        expect(ledger.heldBy(other).length).toBeGreaterThan(0);
      }, DEADLINE);

    beforeEach(async () => {
      harness = await makeHarness();
      open = [];
      topic = `parley.test.${randomUUID()}.v1`;
      ledger = new Ledger();
      published = 0;
    });

    afterEach(async () => {
      await Promise.all(open.map((log) => log.close()));
      await harness.dispose();
    });

    it('keeps the order in which two processes publish in turn', async () => {
      const [one, other] = [await start(), await start()];
      await join('a');
      for (let round = 0; round < 20; round += 1) await publish(round % 2 === 0 ? one : other);
      await allHandled();
      expect(ledger.violations).toEqual([]);
    });

    it('shares the keys of a topic among the members of a group', async () => {
      await join('a');
      await join('b');
      await bothHold('a', 'b');
      await publish(open[0] as EventLog, 10);
      await allHandled();
      expect(ledger.violations).toEqual([]);
    });

    it('goes on in order, without a gap, while members come and go', async () => {
      const publisher = await start();
      await join('a', { ms: 5 });
      await publish(publisher, 5);
      const second = await join('b', { ms: 5 });
      await bothHold('a', 'b');
      const third = join('c', { ms: 5 });
      await publish(publisher, 20);
      await ending(second).close();
      await publish(publisher, 20);
      await ending(await third).close();
      await publish(publisher, 5);
      await allHandled();
      expect(ledger.violations).toEqual([]);
      expect(ledger.heldBy('a')).toEqual(KEYS);
    });

    it('hands what a member that died had to the others, with what it had not finished', async () => {
      const publisher = await start();
      await join('a');
      const second = await join('b');
      await bothHold('a', 'b');
      const crashed = harness.crash(ending(second));
      ledger.forgetActive('b');
      await crashed;
      await publish(publisher, 10);
      await allHandled();
      expect(ledger.violations).toEqual([]);
      expect(ledger.heldBy('a')).toEqual(KEYS);
    });

    it('tells a member which keys may be with others now', async () => {
      const lostByA = new Set<string>();
      const publisher = await start();
      await join('a', { lost: (isLost) => void KEYS.filter(isLost).forEach((key) => lostByA.add(key)) });
      await publish(publisher);
      await allHandled();
      expect(lostByA.size).toBe(0);
      await join('b');
      await bothHold('a', 'b');
      await allHandled();
      expect(ledger.heldBy('b').sort()).toEqual([...lostByA].sort());
      expect(ledger.violations).toEqual([]);
    });
  });
}
