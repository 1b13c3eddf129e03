import type { Leases } from '@parley/adapter-sql';
import type { EndOverdueCalls, FactRelay, RingAgain } from '@parley/core-media-signal';
import { Sweeper } from '@parley/platform';

const EVERY_MS = 500;
const RING_MS = 2000;

/** What calls need without anybody asking. */
export class CallSweepers {
  private readonly sweepers: readonly Sweeper[];

  constructor(overdue: EndOverdueCalls, facts: FactRelay, ring: RingAgain, leases: Leases) {
    const endOverdue = async () => {
      while ((await overdue.execute()) > 0);
    };
    this.sweepers = [
      // Ends calls whose time is over; a call's version lets one end it.
      new Sweeper({ name: 'calls.overdue', everyMs: EVERY_MS, work: endOverdue, leases }),
      // Rings again where nobody hears it: once for all replicas, or a device would ring as often as there are some.
      new Sweeper({ name: 'calls.ring', everyMs: RING_MS, work: () => ring.execute(), leases }),
      // Brings starts and ends into the logs that a crash or an unavailable message service kept out.
      new Sweeper({ name: 'calls.facts', everyMs: EVERY_MS, work: () => facts.flush(), leases }),
    ];
  }

  start(): void {
    for (const sweeper of this.sweepers) sweeper.start();
  }

  async stop(): Promise<void> {
    for (const sweeper of this.sweepers) await sweeper.stop();
  }
}
