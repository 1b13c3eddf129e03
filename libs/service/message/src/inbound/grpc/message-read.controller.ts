import { messageV1 } from '@parley/contracts/rpc';
import {
  CheckMembers,
  GetConversations,
  GetMessage,
  GetMessages,
  GetReceipts,
  ListConversations,
  ListEvents,
  ListMemberIds,
  ListMessages,
  ListPins,
  SyncDevice,
} from '@parley/core-message';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { eventWire, messageWire, stateWire } from './wire.js';

const SERVICE = messageV1.MESSAGE_SERVICE_NAME;
const LIMITS = { messages: 100, named: 50, events: 500, sync: 1000, conversations: 100, memberIds: 10_000 };

/** 0 and beyond-the-limit both mean the limit. */
function bounded(asked: number, limit: number, usual = limit): number {
  return asked === 0 ? usual : Math.min(asked, limit);
}

/** What reads the log. */
@Controller()
export class MessageReadController {
  constructor(
    private readonly messages: ListMessages,
    private readonly message: GetMessage,
    private readonly several: GetMessages,
    private readonly pins: ListPins,
    private readonly events: ListEvents,
    private readonly device: SyncDevice,
    private readonly conversations: ListConversations,
    private readonly named: GetConversations,
    private readonly receipts: GetReceipts,
    private readonly checks: CheckMembers,
    private readonly memberIds: ListMemberIds,
  ) {}

  @GrpcMethod(SERVICE)
  async getMessage(request: messageV1.GetMessageRequest): Promise<messageV1.GetMessageResponse> {
    return { message: messageWire(await this.message.execute(request), request.conversationId) };
  }

  @GrpcMethod(SERVICE)
  async getMessages(request: messageV1.GetMessagesRequest): Promise<messageV1.GetMessagesResponse> {
    const messageIds = request.messageIds.slice(0, LIMITS.named);
    const rows = await this.several.execute({ ...request, messageIds });
    return { messages: rows.map((row) => messageWire(row, request.conversationId)) };
  }

  @GrpcMethod(SERVICE)
  async listPins(request: messageV1.ListPinsRequest): Promise<messageV1.ListPinsResponse> {
    const rows = await this.pins.execute(request);
    return { messages: rows.map((row) => messageWire(row, request.conversationId)) };
  }

  @GrpcMethod(SERVICE)
  async listMessages(request: messageV1.ListMessagesRequest): Promise<messageV1.ListMessagesResponse> {
    const page = await this.messages.execute({ ...request, limit: bounded(request.limit, LIMITS.messages, 50) });
    return { messages: page.messages.map((row) => messageWire(row, request.conversationId)), hasMore: page.hasMore };
  }

  @GrpcMethod(SERVICE)
  async listEvents(request: messageV1.ListEventsRequest): Promise<messageV1.ListEventsResponse> {
    const { epoch, headSeq, events } = await this.events.execute({
      ...request,
      limit: bounded(request.limit, LIMITS.events, 100),
    });
    return { epoch, headSeq, events: events.map((event) => eventWire(event, request.conversationId)) };
  }

  @GrpcMethod(SERVICE)
  async sync(request: messageV1.SyncRequest): Promise<messageV1.SyncResponse> {
    const page = await this.device.execute({ ...request, limit: bounded(request.limit, LIMITS.sync, 500) });
    return {
      conversations: page.conversations.map(stateWire),
      events: page.events.map(({ conversationId, epoch, events }) => ({
        conversationId,
        epoch,
        events: events.map((event) => eventWire(event, conversationId)),
      })),
      resets: page.resets,
      removed: page.removed,
      hidden: page.hidden,
      nextCursor: page.nextCursor,
      caughtUp: page.caughtUp,
    };
  }

  @GrpcMethod(SERVICE)
  async listConversations(request: messageV1.ListConversationsRequest): Promise<messageV1.ListConversationsResponse> {
    const { cursor = '', limit = 0 } = request.page ?? {};
    const page = await this.conversations.execute({
      actorId: request.actorId,
      cursor,
      limit: bounded(limit, LIMITS.conversations, 50),
    });
    return { conversations: page.items.map(stateWire), nextCursor: page.nextCursor };
  }

  @GrpcMethod(SERVICE)
  async getConversations(request: messageV1.GetConversationsRequest): Promise<messageV1.GetConversationsResponse> {
    return { conversations: (await this.named.execute(request)).map(stateWire) };
  }

  @GrpcMethod(SERVICE)
  getReceipts(request: messageV1.GetReceiptsRequest): Promise<messageV1.GetReceiptsResponse> {
    return this.receipts.execute(request);
  }

  @GrpcMethod(SERVICE)
  checkMembers(request: messageV1.CheckMembersRequest): Promise<messageV1.CheckMembersResponse> {
    return this.checks.execute(request);
  }

  @GrpcMethod(SERVICE)
  listMemberIds(request: messageV1.ListMemberIdsRequest): Promise<messageV1.ListMemberIdsResponse> {
    return this.memberIds.execute({ ...request, limit: bounded(request.limit, LIMITS.memberIds) });
  }
}
