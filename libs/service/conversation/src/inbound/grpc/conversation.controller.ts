import { conversationV1 } from '@parley/contracts/rpc';
import {
  CreateConversation,
  GovernConversation,
  type JoinPolicy,
  OpenDirect,
  ReadConversations,
  type SendPolicy,
  SetMySettings,
} from '@parley/core-conversation';
import type { ConversationId, FileId, UserId } from '@parley/kernel';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { conversationWire, pageRequest } from './wire.js';

const SERVICE = conversationV1.CONVERSATION_SERVICE_NAME;

/** Conversations themselves: making, reading, governing. */
@Controller()
export class ConversationController {
  constructor(
    private readonly direct: OpenDirect,
    private readonly creation: CreateConversation,
    private readonly reader: ReadConversations,
    private readonly government: GovernConversation,
    private readonly settings: SetMySettings,
  ) {}

  @GrpcMethod(SERVICE)
  async openDirect(request: conversationV1.OpenDirectRequest): Promise<conversationV1.OpenDirectResponse> {
    const opened = await this.direct.execute(request.actorId as UserId, request.userId as UserId);
    return { conversation: await this.view(request.actorId, opened.conversationId), created: opened.created };
  }

  @GrpcMethod(SERVICE)
  async createConversation(
    request: conversationV1.CreateConversationRequest,
  ): Promise<conversationV1.CreateConversationResponse> {
    const { actorId, kind, title, description, joinPolicy, historyBeforeJoin, idempotencyKey } = request;
    const created = await this.creation.execute({
      actorId: actorId as UserId,
      kind: kind === 'room' ? 'room' : 'group',
      title,
      description,
      ...(joinPolicy === '' ? {} : { joinPolicy: joinPolicy as JoinPolicy }),
      ...(historyBeforeJoin === undefined ? {} : { historyBeforeJoin }),
      memberIds: request.memberIds as UserId[],
      idempotencyKey,
    });
    return {
      conversation: await this.view(actorId, created.conversationId),
      refusedUserIds: [...created.refused],
    };
  }

  @GrpcMethod(SERVICE)
  async getConversations(
    request: conversationV1.GetConversationsRequest,
  ): Promise<conversationV1.GetConversationsResponse> {
    const ids = request.conversationIds as ConversationId[];
    const views = await this.reader.some(request.actorId as UserId, ids);
    return { conversations: views.map((view) => conversationWire(view, request.actorId)) };
  }

  @GrpcMethod(SERVICE)
  async listRooms(request: conversationV1.ListRoomsRequest): Promise<conversationV1.ListRoomsResponse> {
    const rooms = await this.reader.rooms(request.actorId as UserId, pageRequest(request.page));
    return {
      conversations: rooms.items.map((view) => conversationWire(view, request.actorId)),
      nextCursor: rooms.nextCursor ?? '',
    };
  }

  @GrpcMethod(SERVICE)
  async updateConversation(
    request: conversationV1.UpdateConversationRequest,
  ): Promise<conversationV1.UpdateConversationResponse> {
    const { actorId, conversationId, title, description } = request;
    await this.government.update(actorId as UserId, conversationId as ConversationId, {
      title,
      description,
      avatarFileId: request.avatarFileId as FileId | '' | undefined,
      joinPolicy: request.joinPolicy as JoinPolicy | undefined,
      sendPolicy: request.sendPolicy as SendPolicy | undefined,
    });
    return { conversation: await this.view(actorId, conversationId) };
  }

  @GrpcMethod(SERVICE)
  async disbandConversation(
    request: conversationV1.DisbandConversationRequest,
  ): Promise<conversationV1.DisbandConversationResponse> {
    await this.government.disband(request.actorId as UserId, request.conversationId as ConversationId);
    return {};
  }

  @GrpcMethod(SERVICE)
  async setAnnouncement(
    request: conversationV1.SetAnnouncementRequest,
  ): Promise<conversationV1.SetAnnouncementResponse> {
    const { actorId, conversationId, text } = request;
    return {
      announcement: await this.government.announce(actorId as UserId, conversationId as ConversationId, text),
    };
  }

  @GrpcMethod(SERVICE)
  async setMySettings(request: conversationV1.SetMySettingsRequest): Promise<conversationV1.SetMySettingsResponse> {
    const { actorId, conversationId, muted, pinned, archived } = request;
    return {
      settings: await this.settings.execute(actorId as UserId, conversationId as ConversationId, {
        muted,
        pinned,
        archived,
      }),
    };
  }

  private async view(actorId: string, conversationId: string): Promise<conversationV1.Conversation> {
    return conversationWire(await this.reader.one(actorId as UserId, conversationId as ConversationId), actorId);
  }
}
