import { conversationV1 } from '@parley/contracts/rpc';
import {
  AddMembers,
  ChangeMember,
  JoinConversation,
  LeaveConversation,
  ManageInvitations,
  PreviewInvitation,
  ReadContacts,
  ReadConversations,
  RemoveMember,
  type Role,
  SearchMembers,
} from '@parley/core-conversation';
import type { ConversationId, UserId } from '@parley/kernel';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { conversationWire, invitationWire, memberWire, pageRequest } from './wire.js';

const SERVICE = conversationV1.CONVERSATION_SERVICE_NAME;

/** Who is in a conversation, as what, and by which invitation. */
@Controller()
export class MemberController {
  constructor(
    private readonly entering: JoinConversation,
    private readonly leaving: LeaveConversation,
    private readonly adding: AddMembers,
    private readonly changing: ChangeMember,
    private readonly removing: RemoveMember,
    private readonly reader: ReadConversations,
    private readonly searching: SearchMembers,
    private readonly invitations: ManageInvitations,
    private readonly previewing: PreviewInvitation,
    private readonly contacts: ReadContacts,
  ) {}

  @GrpcMethod(SERVICE)
  async joinConversation(
    request: conversationV1.JoinConversationRequest,
  ): Promise<conversationV1.JoinConversationResponse> {
    await this.entering.execute(request.actorId as UserId, request.conversationId as ConversationId);
    return { conversation: await this.view(request.actorId, request.conversationId) };
  }

  @GrpcMethod(SERVICE)
  async leaveConversation(
    request: conversationV1.LeaveConversationRequest,
  ): Promise<conversationV1.LeaveConversationResponse> {
    await this.leaving.execute(request.actorId as UserId, request.conversationId as ConversationId);
    return {};
  }

  @GrpcMethod(SERVICE)
  async listMembers(request: conversationV1.ListMembersRequest): Promise<conversationV1.ListMembersResponse> {
    const { actorId, conversationId, page } = request;
    const found = await this.reader.members(actorId as UserId, conversationId as ConversationId, pageRequest(page));
    return { members: found.items.map(memberWire), nextCursor: found.nextCursor ?? '' };
  }

  @GrpcMethod(SERVICE)
  async searchMembers(request: conversationV1.SearchMembersRequest): Promise<conversationV1.SearchMembersResponse> {
    const { actorId, conversationId, query } = request;
    const { limit } = pageRequest({ cursor: '', limit: request.limit });
    const found = await this.searching.execute(actorId as UserId, conversationId as ConversationId, query, limit);
    return { members: found.map(memberWire) };
  }

  @GrpcMethod(SERVICE)
  async getMember(request: conversationV1.GetMemberRequest): Promise<conversationV1.GetMemberResponse> {
    const { actorId, conversationId, userId } = request;
    const id = conversationId as ConversationId;
    return { member: memberWire(await this.reader.member(actorId as UserId, id, userId as UserId)) };
  }

  @GrpcMethod(SERVICE)
  async addMembers(request: conversationV1.AddMembersRequest): Promise<conversationV1.AddMembersResponse> {
    const { actorId, conversationId, userIds } = request;
    const added = await this.adding.execute(actorId as UserId, conversationId as ConversationId, userIds as UserId[]);
    return { members: added.members.map(memberWire), refusedUserIds: added.refused };
  }

  @GrpcMethod(SERVICE)
  async changeMember(request: conversationV1.ChangeMemberRequest): Promise<conversationV1.ChangeMemberResponse> {
    const { actorId, conversationId, userId, role, mutedUntil, nickname } = request;
    const member = await this.changing.execute(actorId as UserId, conversationId as ConversationId, userId as UserId, {
      role: role as Role | undefined,
      mutedUntil,
      nickname,
    });
    return { member: memberWire(member) };
  }

  @GrpcMethod(SERVICE)
  async removeMember(request: conversationV1.RemoveMemberRequest): Promise<conversationV1.RemoveMemberResponse> {
    const { actorId, conversationId, userId } = request;
    await this.removing.execute(actorId as UserId, conversationId as ConversationId, userId as UserId);
    return {};
  }

  @GrpcMethod(SERVICE)
  async createInvitation(
    request: conversationV1.CreateInvitationRequest,
  ): Promise<conversationV1.CreateInvitationResponse> {
    const { actorId, conversationId, ttlSeconds, maxUses } = request;
    const invitation = await this.invitations.create(
      actorId as UserId,
      conversationId as ConversationId,
      ttlSeconds * 1000,
      maxUses,
    );
    return { invitation: invitationWire(invitation) };
  }

  @GrpcMethod(SERVICE)
  async listInvitations(
    request: conversationV1.ListInvitationsRequest,
  ): Promise<conversationV1.ListInvitationsResponse> {
    const { actorId, conversationId } = request;
    const found = await this.invitations.list(actorId as UserId, conversationId as ConversationId);
    return { invitations: found.map(invitationWire) };
  }

  @GrpcMethod(SERVICE)
  async revokeInvitation(
    request: conversationV1.RevokeInvitationRequest,
  ): Promise<conversationV1.RevokeInvitationResponse> {
    const { actorId, conversationId, code } = request;
    await this.invitations.revoke(actorId as UserId, conversationId as ConversationId, code);
    return {};
  }

  @GrpcMethod(SERVICE)
  async previewInvitation(
    request: conversationV1.PreviewInvitationRequest,
  ): Promise<conversationV1.PreviewInvitationResponse> {
    const { invitation, conversation, alreadyMember } = await this.previewing.execute(
      request.actorId as UserId,
      request.code,
    );
    return {
      invitation: invitationWire(invitation),
      conversation: conversationWire({ conversation }, request.actorId),
      alreadyMember,
    };
  }

  @GrpcMethod(SERVICE)
  async acceptInvitation(
    request: conversationV1.AcceptInvitationRequest,
  ): Promise<conversationV1.AcceptInvitationResponse> {
    const conversationId = await this.entering.byInvitation(request.actorId as UserId, request.code);
    return { conversation: await this.view(request.actorId, conversationId) };
  }

  @GrpcMethod(SERVICE)
  async filterVisibleUsers(
    request: conversationV1.FilterVisibleUsersRequest,
  ): Promise<conversationV1.FilterVisibleUsersResponse> {
    return { userIds: await this.contacts.visible(request.actorId as UserId, request.userIds as UserId[]) };
  }

  private async view(actorId: string, conversationId: string): Promise<conversationV1.Conversation> {
    return conversationWire(await this.reader.one(actorId as UserId, conversationId as ConversationId), actorId);
  }
}
