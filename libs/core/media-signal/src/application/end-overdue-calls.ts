import type { Clock } from '@parley/kernel';
import type { CallStore } from '../ports/call-store.js';
import type { CallDesk } from './call-desk.js';

const BATCH = 100;

/**
 * Ends calls whose time is over: nobody answered, nothing connected, a device stayed away. Deadlines lie in the store, so a
 * restart loses none; several processes may sweep, the version lets one of them end a call.
 */
export class EndOverdueCalls {
  constructor(
    private readonly calls: CallStore,
    private readonly desk: CallDesk,
    private readonly clock: Clock,
  ) {}

  /** Answers how many it looked at. */
  async execute(): Promise<number> {
    const overdue = await this.calls.overdue(this.clock.now(), BATCH);
    await Promise.all(overdue.map((call) => this.desk.act(call.callId, { is: 'deadline' })));
    return overdue.length;
  }
}
