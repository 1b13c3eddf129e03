import { presenceV1 } from '@parley/contracts/rpc';
import { GetPresence, SessionDirectory, Sessions, SetTyping, WatchUsers } from '@parley/core-presence';
import { Controller } from '@nestjs/common';
import { PresencePulse } from '../../presence-pulse.js';

@Controller()
@presenceV1.PresenceServiceControllerMethods()
export class PresenceController implements presenceV1.PresenceServiceController {
  constructor(
    private readonly sessions: Sessions,
    private readonly directory: SessionDirectory,
    private readonly presence: GetPresence,
    private readonly watches: WatchUsers,
    private readonly typing: SetTyping,
    private readonly pulse: PresencePulse,
  ) {}

  async openSessions({ nodeId, sessions }: presenceV1.OpenSessionsRequest): Promise<presenceV1.OpenSessionsResponse> {
    const lease = await this.sessions.open(nodeId, sessions);
    this.pulse.start();
    return { lease };
  }

  async closeSessions({
    nodeId,
    sessions,
  }: presenceV1.CloseSessionsRequest): Promise<presenceV1.CloseSessionsResponse> {
    await this.sessions.close(nodeId, sessions);
    this.pulse.start();
    return {};
  }

  async renewNode({ nodeId, told }: presenceV1.RenewNodeRequest): Promise<presenceV1.RenewNodeResponse> {
    const lease = await this.directory.renew(nodeId, told);
    return { lease, known: lease === told };
  }

  async locate(request: presenceV1.LocateRequest): Promise<presenceV1.LocateResponse> {
    const { nodes, roster, settledNodeIds } = await this.directory.locate(request);
    return { nodes, roster, settledNodeIds: roster === request.roster ? [] : [...settledNodeIds] };
  }

  async getPresence({ actorId, userIds }: presenceV1.GetPresenceRequest): Promise<presenceV1.GetPresenceResponse> {
    return { states: await this.presence.execute(actorId, userIds) };
  }

  async watch({ sessionId, actorId, userIds }: presenceV1.WatchRequest): Promise<presenceV1.WatchResponse> {
    return { states: await this.watches.watch(sessionId, actorId, userIds) };
  }

  async unwatch({ sessionId, userIds }: presenceV1.UnwatchRequest): Promise<presenceV1.UnwatchResponse> {
    await this.watches.unwatch(sessionId, userIds);
    return {};
  }

  async subscribeNode(request: presenceV1.SubscribeNodeRequest): Promise<presenceV1.SubscribeNodeResponse> {
    const { nodeId, conversationId, conversationIds, subscribed } = request;
    const ids = conversationId === '' ? conversationIds : [conversationId, ...conversationIds];
    return { lease: await this.directory.subscribe(nodeId, ids, subscribed) };
  }

  async setTyping(request: presenceV1.SetTypingRequest): Promise<presenceV1.SetTypingResponse> {
    await this.typing.execute(request.actorId, request.conversationId, request.state);
    return {};
  }
}
