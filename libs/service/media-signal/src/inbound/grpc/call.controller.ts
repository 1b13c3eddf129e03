import { callV1 } from '@parley/contracts/rpc';
import {
  ActOnCall,
  type Actor,
  type Call,
  callView,
  DeviceBack,
  DeviceGone,
  DEVICE_ACTIONS,
  GetCall,
  GetIceServers,
  Invite,
  ListCalls,
  type Medium,
  PassSignal,
  SIGNAL_KINDS,
} from '@parley/core-media-signal';
import { type CallId, type ConversationId, DomainError, type UserId } from '@parley/kernel';
import { Controller } from '@nestjs/common';

const MEDIA = ['audio', 'video'] as const satisfies readonly Medium[];
const DEFAULT_PAGE = 50;
const MAX_PAGE = 100;

@Controller()
@callV1.CallServiceControllerMethods()
export class CallController implements callV1.CallServiceController {
  constructor(
    private readonly inviting: Invite,
    private readonly acting: ActOnCall,
    private readonly passing: PassSignal,
    private readonly get: GetCall,
    private readonly list: ListCalls,
    private readonly ice: GetIceServers,
    private readonly gone: DeviceGone,
    private readonly back: DeviceBack,
  ) {}

  async invite(request: callV1.InviteRequest): Promise<callV1.InviteResponse> {
    const call = await this.inviting.execute({
      actor: actorOf(request),
      conversationId: request.conversationId as ConversationId,
      calleeIds: request.calleeIds as UserId[],
      media: request.media.map((medium) => oneOf(MEDIA, medium, 'media')),
      idempotencyKey: request.idempotencyKey,
    });
    return { call: wireCall(call) };
  }

  async act(request: callV1.ActRequest): Promise<callV1.ActResponse> {
    const call = await this.acting.execute({
      actor: actorOf(request),
      callId: request.callId as CallId,
      action: oneOf(DEVICE_ACTIONS, request.action, 'action'),
      reason: request.reason,
    });
    return { call: wireCall(call) };
  }

  async followDevices({ devices, online }: callV1.FollowDevicesRequest): Promise<callV1.FollowDevicesResponse> {
    const follow = online ? this.back : this.gone;
    await Promise.all(devices.map((device) => follow.execute(actorOf({ ...device, actorId: device.userId }))));
    return {};
  }

  async signal(request: callV1.SignalRequest): Promise<callV1.SignalResponse> {
    await this.passing.execute({
      from: actorOf(request),
      callId: request.callId as CallId,
      toUserId: request.toUserId as UserId,
      toDeviceId: request.toDeviceId,
      kind: oneOf(SIGNAL_KINDS, request.kind, 'kind'),
      dataJson: request.dataJson,
    });
    return {};
  }

  async getCall(request: callV1.GetCallRequest): Promise<callV1.GetCallResponse> {
    const query = { actorId: request.actorId as UserId, callId: request.callId as CallId };
    return { call: wireCall(await this.get.execute(query)) };
  }

  async listCalls(request: callV1.ListCallsRequest): Promise<callV1.ListCallsResponse> {
    const { cursor = '', limit = 0 } = request.page ?? {};
    const page = await this.list.execute({
      actorId: request.actorId as UserId,
      activeOnly: request.activeOnly,
      page: { limit: Math.min(limit === 0 ? DEFAULT_PAGE : limit, MAX_PAGE), ...(cursor === '' ? {} : { cursor }) },
    });
    return { calls: page.items.map(wireCall), nextCursor: page.nextCursor ?? '' };
  }

  async getIceServers(request: callV1.GetIceServersRequest): Promise<callV1.GetIceServersResponse> {
    const { iceServers, ttlSeconds } = this.ice.execute({ actorId: request.actorId as UserId });
    return {
      iceServers: iceServers.map(({ urls, username = '', credential = '' }) => ({
        urls: [...urls],
        username,
        credential,
      })),
      ttlSeconds,
    };
  }
}

const actorOf = ({ actorId, deviceId, sessionId }: { actorId: string; deviceId: string; sessionId: string }) =>
  ({ userId: actorId, deviceId, sessionId }) as Actor;

const wireCall = (call: Call): callV1.Call => ({ callId: call.callId, json: JSON.stringify(callView(call)) });

function oneOf<T extends string>(known: readonly T[], value: string, path: string): T {
  const found = known.find((one) => one === value);
  if (found === undefined)
    throw new DomainError('request.invalid', 'invalid', { errors: [{ path, message: 'is none of the known ones' }] });
  return found;
}
