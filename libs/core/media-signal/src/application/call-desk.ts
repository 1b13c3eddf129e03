import type { CallId, Clock } from '@parley/kernel';
import { type Act, applyAct } from '../domain/act.js';
import { changePushes, invitationPushes, reminderPushes } from '../domain/announcement.js';
import type { Actor, Call, CallTimes } from '../domain/call.js';
import { callBusy, callNotFound } from '../domain/call.errors.js';
import { factsOf } from '../domain/fact.js';
import type { CallDevices } from '../ports/call-devices.js';
import type { BeginOutcome, CallStore } from '../ports/call-store.js';
import type { FactRelay } from './fact-relay.js';
import { InOrder } from './in-order.js';

const ATTEMPTS = 8;

/** Where calls change: reads, decides, saves under the version that was read, then tells everybody, in order for each call. */
export class CallDesk {
  private readonly order = new InOrder();

  constructor(
    private readonly calls: CallStore,
    private readonly devices: CallDevices,
    private readonly relay: FactRelay,
    private readonly clock: Clock,
    private readonly times: CallTimes,
  ) {}

  /** Runs alone for this call, in the order it was asked for. */
  inOrder<T>(callId: CallId, work: () => Promise<T>): Promise<T> {
    return this.order.run(callId, work);
  }

  async begin(call: Call, by: Actor, idempotencyKey: string): Promise<BeginOutcome> {
    return this.inOrder(call.callId, async () => {
      const outcome = await this.calls.begin(call, idempotencyKey, factsOf(undefined, call));
      if (outcome.is !== 'begun') return outcome;
      if (call.state !== 'ended') await this.devices.announce(invitationPushes(call, by));
      this.log();
      return outcome;
    });
  }

  /** Announces a ringing call again to those who may not know of it. */
  remind(callId: CallId): Promise<void> {
    return this.inOrder(callId, async () => {
      const call = await this.calls.find(callId);
      if (call !== undefined) await this.devices.announce(reminderPushes(call));
    });
  }

  act(callId: CallId, act: Act): Promise<Call> {
    return this.inOrder(callId, () => this.actNow(callId, act));
  }

  /** For work that runs in order already. */
  async actNow(callId: CallId, act: Act): Promise<Call> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const before = await this.calls.find(callId);
      if (before === undefined) throw callNotFound();
      const after = applyAct(before, act, this.clock.now(), this.times);
      if (after === before) return after;
      const facts = factsOf(before, after);
      // Another process was faster: decide again on what it left.
      if (!(await this.calls.save(after, facts))) continue;
      await this.devices.announce(changePushes(before, after, act));
      if (facts.length > 0) this.log();
      return after;
    }
    throw callBusy();
  }

  private log(): void {
    // The call stands without its mark in the log; the sweep brings it there.
    void this.relay.flush().catch(() => undefined);
  }
}
