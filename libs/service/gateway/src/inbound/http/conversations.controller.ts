import { type ResponseOf, rest } from '@parley/contracts';
import { conversationV1, messageV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { Controller, Inject } from '@nestjs/common';
import { answered } from '../../composition/answered.js';
import { Avatars } from '../../composition/avatars.js';
import { ConversationView, roomView } from '../../composition/conversation-view.js';
import { nextCursor, pageRequest } from '../../composition/wire-text.js';
import { type CallOf, Handles, RestCall } from './operation.js';

const { conversations } = rest;

@Controller()
export class ConversationsController {
  private readonly conversations: ServiceClient<typeof conversationV1.ConversationServiceService>;
  private readonly messages: ServiceClient<typeof messageV1.MessageServiceService>;
  private readonly avatars: Avatars;

  constructor(
    @Inject(RpcClients) rpc: RpcClients,
    private readonly view: ConversationView,
  ) {
    this.conversations = rpc.of(conversationV1.ConversationServiceService);
    this.messages = rpc.of(messageV1.MessageServiceService);
    this.avatars = new Avatars(rpc);
  }

  @Handles(conversations.list)
  async list(@RestCall() call: CallOf<typeof conversations.list>): Promise<ResponseOf<typeof conversations.list>> {
    const { userId: actorId } = call.caller;
    const answer = await this.messages.listConversations({ actorId, page: pageRequest(call.query) });
    return { items: await this.view.views(actorId, answer.conversations), ...nextCursor(answer.nextCursor) };
  }

  @Handles(conversations.create)
  async create(
    @RestCall() call: CallOf<typeof conversations.create>,
  ): Promise<ResponseOf<typeof conversations.create>> {
    const { userId: actorId } = call.caller;
    const { kind, title, description = '', memberIds = [], joinPolicy = '', historyBeforeJoin } = call.body;
    const { conversation, refusedUserIds } = await this.conversations.createConversation({
      actorId,
      kind,
      title,
      description,
      memberIds,
      joinPolicy,
      historyBeforeJoin,
      idempotencyKey: call.idempotencyKey,
    });
    return { ...(await this.view.one(actorId, answered(conversation).conversationId)), refusedUserIds };
  }

  @Handles(conversations.openDirect)
  async openDirect(
    @RestCall() call: CallOf<typeof conversations.openDirect>,
  ): Promise<ResponseOf<typeof conversations.openDirect>> {
    const { userId: actorId } = call.caller;
    const { conversation } = await this.conversations.openDirect({ actorId, userId: call.params.userId });
    return this.view.one(actorId, answered(conversation).conversationId);
  }

  @Handles(conversations.get)
  get(@RestCall() call: CallOf<typeof conversations.get>): Promise<ResponseOf<typeof conversations.get>> {
    return this.view.one(call.caller.userId, call.params.conversationId);
  }

  @Handles(conversations.update)
  async update(
    @RestCall() call: CallOf<typeof conversations.update>,
  ): Promise<ResponseOf<typeof conversations.update>> {
    const { userId: actorId } = call.caller;
    const { conversationId } = call.params;
    const { title, description, joinPolicy, sendPolicy, avatarFileId } = call.body;
    await this.avatars.ofConversation(actorId, conversationId, avatarFileId);
    await this.conversations.updateConversation({
      actorId,
      conversationId,
      title,
      description,
      joinPolicy,
      sendPolicy,
      avatarFileId: avatarFileId === null ? '' : avatarFileId,
    });
    return this.view.one(actorId, conversationId);
  }

  @Handles(conversations.disband)
  async disband(@RestCall() call: CallOf<typeof conversations.disband>): Promise<void> {
    await this.conversations.disbandConversation({ actorId: call.caller.userId, ...call.params });
  }

  @Handles(conversations.leave)
  async leave(@RestCall() call: CallOf<typeof conversations.leave>): Promise<void> {
    await this.conversations.leaveConversation({ actorId: call.caller.userId, ...call.params });
  }

  @Handles(conversations.join)
  async join(@RestCall() call: CallOf<typeof conversations.join>): Promise<ResponseOf<typeof conversations.join>> {
    const { userId: actorId } = call.caller;
    await this.conversations.joinConversation({ actorId, ...call.params });
    return this.view.one(actorId, call.params.conversationId);
  }

  @Handles(conversations.rooms)
  async rooms(@RestCall() call: CallOf<typeof conversations.rooms>): Promise<ResponseOf<typeof conversations.rooms>> {
    const { userId: actorId } = call.caller;
    const answer = await this.conversations.listRooms({ actorId, page: pageRequest(call.query) });
    return { items: answer.conversations.map(roomView), ...nextCursor(answer.nextCursor) };
  }
}
