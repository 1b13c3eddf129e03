import { type ResponseOf, rest } from '@parley/contracts';
import { callV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { Controller, Inject } from '@nestjs/common';
import { callView } from '../call-view.js';
import { type CallOf, Handles, RestCall } from './operation.js';

const { calls } = rest;

/** The call area over REST: reads only. Calls are made and answered on the socket. */
@Controller()
export class CallsController {
  private readonly calls: ServiceClient<typeof callV1.CallServiceService>;

  constructor(@Inject(RpcClients) rpc: RpcClients) {
    this.calls = rpc.of(callV1.CallServiceService);
  }

  @Handles(calls.iceServers)
  async iceServers(@RestCall() call: CallOf<typeof calls.iceServers>): Promise<ResponseOf<typeof calls.iceServers>> {
    const { iceServers, ttlSeconds } = await this.calls.getIceServers({ actorId: call.caller.userId });
    return {
      iceServers: iceServers.map(({ urls, username, credential }) => ({
        urls,
        ...(username === '' ? {} : { username, credential }),
      })),
      ttlSeconds,
    };
  }

  @Handles(calls.list)
  async list(@RestCall() call: CallOf<typeof calls.list>): Promise<ResponseOf<typeof calls.list>> {
    const { active = false, cursor = '', limit = 0 } = call.query;
    const page = { cursor, limit };
    const answer = await this.calls.listCalls({ actorId: call.caller.userId, activeOnly: active, page });
    return {
      items: answer.calls.map(callView),
      ...(answer.nextCursor === '' ? {} : { nextCursor: answer.nextCursor }),
    };
  }

  @Handles(calls.get)
  async get(@RestCall() call: CallOf<typeof calls.get>): Promise<ResponseOf<typeof calls.get>> {
    return callView((await this.calls.getCall({ actorId: call.caller.userId, callId: call.params.callId })).call);
  }
}
