import type { Actor } from '../domain/call.js';
import type { CallStore } from '../ports/call-store.js';
import type { CallDesk } from './call-desk.js';

/**
 * A device lost its connection: when it is in a call, it is waited for (CallTimes.graceMs), then the call fails. For whoever
 * watches sessions; both are idempotent, and nothing happens for devices that are in no call.
 */
export class DeviceGone {
  constructor(
    private readonly calls: CallStore,
    private readonly desk: CallDesk,
  ) {}

  async execute(by: Actor): Promise<void> {
    const call = await this.calls.liveCallOf(by.userId);
    if (call !== undefined) await this.desk.act(call.callId, { is: 'gone', by });
  }
}

/** It is connected again, perhaps with another session. */
export class DeviceBack {
  constructor(
    private readonly calls: CallStore,
    private readonly desk: CallDesk,
  ) {}

  async execute(by: Actor): Promise<void> {
    const call = await this.calls.liveCallOf(by.userId);
    if (call !== undefined) await this.desk.act(call.callId, { is: 'back', by });
  }
}
