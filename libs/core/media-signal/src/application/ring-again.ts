import type { Clock } from '@parley/kernel';
import type { CallStore } from '../ports/call-store.js';
import type { CallDesk } from './call-desk.js';

const AFTER_MS = 1000;
const BATCH = 100;

/**
 * Rings again where no device has said that it rings: the one called may come online while it does. Run every few seconds; a
 * device that got the call before knows it by its id.
 */
export class RingAgain {
  constructor(
    private readonly calls: CallStore,
    private readonly desk: CallDesk,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const unheard = await this.calls.unheard(this.clock.now() - AFTER_MS, BATCH);
    await Promise.all(unheard.map((call) => this.desk.remind(call.callId)));
  }
}
