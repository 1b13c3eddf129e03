import { type ResponseOf, rest } from '@parley/contracts';
import { presenceV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { Controller, Inject } from '@nestjs/common';
import { presenceView } from '../presence-view.js';
import { type CallOf, Handles, RestCall } from './operation.js';

const { presence } = rest;

@Controller()
export class PresenceController {
  private readonly presence: ServiceClient<typeof presenceV1.PresenceServiceService>;

  constructor(@Inject(RpcClients) rpc: RpcClients) {
    this.presence = rpc.of(presenceV1.PresenceServiceService);
  }

  @Handles(presence.get)
  async get(@RestCall() call: CallOf<typeof presence.get>): Promise<ResponseOf<typeof presence.get>> {
    const { states } = await this.presence.getPresence({ actorId: call.caller.userId, userIds: call.query.userIds });
    return { items: states.map(presenceView) };
  }
}
