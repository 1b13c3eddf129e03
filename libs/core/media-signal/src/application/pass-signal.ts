import type { CallId } from '@parley/kernel';
import { participantOf } from '../domain/call.js';
import { callNotFound } from '../domain/call.errors.js';
import { type Signal, signalPush } from '../domain/signal.js';
import type { CallDevices } from '../ports/call-devices.js';
import type { CallStore } from '../ports/call-store.js';
import type { CallDesk } from './call-desk.js';

/** Passes a signal on, unchanged, behind everything that was done in this call before it. */
export class PassSignal {
  constructor(
    private readonly calls: CallStore,
    private readonly devices: CallDevices,
    private readonly desk: CallDesk,
  ) {}

  execute({ callId, ...signal }: Signal & { callId: CallId }): Promise<void> {
    return this.desk.inOrder(callId, async () => {
      const call = await this.calls.find(callId);
      if (call === undefined) throw callNotFound();
      await this.devices.pass(signalPush(call, signal));
      const { from: by, kind } = signal;
      const me = participantOf(call, by.userId);
      if (me !== undefined && (me.goneAt !== 0 || me.sessionId !== by.sessionId))
        await this.desk.actNow(callId, { is: 'back', by });
      if (kind === 'answer' && call.state === 'connecting') await this.desk.actNow(callId, { is: 'answered', by });
    });
  }
}
