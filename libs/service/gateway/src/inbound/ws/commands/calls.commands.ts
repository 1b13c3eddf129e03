import { commands } from '@parley/contracts';
import { callV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import type { Principal } from '@parley/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { callView } from '../../call-view.js';
import { type CommandGroup, type GatewaySession, onCommand } from '../command.js';

const { call } = commands;

@Injectable()
export class CallCommands implements CommandGroup {
  private readonly service: ServiceClient<typeof callV1.CallServiceService>;

  constructor(@Inject(RpcClients) rpc: RpcClients) {
    this.service = rpc.of(callV1.CallServiceService);
  }

  readonly commands = [
    onCommand(call.invite, async ({ principal }, { conversationId, calleeIds = [], media }) => ({
      call: callView(
        (await this.service.invite({ ...actor(principal), conversationId, calleeIds, media, idempotencyKey: '' })).call,
      ),
    })),
    onCommand(call.ringing, (session, input) => this.act('ringing', session, input)),
    onCommand(call.accept, (session, input) => this.act('accept', session, input)),
    onCommand(call.reject, (session, input) => this.act('reject', session, input)),
    onCommand(call.cancel, (session, input) => this.act('cancel', session, input)),
    onCommand(call.hangup, (session, input) => this.act('hangup', session, input)),
    onCommand(call.signal, async ({ principal }, { data, toDeviceId = '', ...signal }) => {
      // ORDER: one call's signals go to one instance, which passes them on one after the other.
      const request = { ...actor(principal), ...signal, toDeviceId, dataJson: JSON.stringify(data) };
      await this.service.signal(request, { key: signal.callId });
      return {};
    }),
  ];

  private async act(action: string, { principal }: GatewaySession, input: { callId: string; reason?: string }) {
    const { callId, reason = '' } = input;
    const { call } = await this.service.act({ ...actor(principal), callId, action, reason }, { key: callId });
    return { call: callView(call) };
  }
}

const actor = ({ userId, deviceId, sessionId }: Principal) => ({ actorId: userId, deviceId, sessionId });
