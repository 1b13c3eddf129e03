import { type invitation, type member, type ResponseOf, rest } from '@parley/contracts';
import { conversationV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { answered } from '../../composition/answered.js';
import { announcementView, ConversationView } from '../../composition/conversation-view.js';
import { People } from '../../composition/people.js';
import { ifSet, iso, nextCursor, pageRequest } from '../../composition/wire-text.js';
import { type CallOf, Handles, RestCall } from './operation.js';

const { members } = rest;

type Member = z.input<typeof member>;
type Invitation = z.input<typeof invitation>;

@Controller()
export class MembersController {
  private readonly conversations: ServiceClient<typeof conversationV1.ConversationServiceService>;
  private readonly people: People;

  constructor(
    @Inject(RpcClients) rpc: RpcClients,
    private readonly view: ConversationView,
  ) {
    this.conversations = rpc.of(conversationV1.ConversationServiceService);
    this.people = new People(rpc);
  }

  @Handles(members.list)
  async list(@RestCall() call: CallOf<typeof members.list>): Promise<ResponseOf<typeof members.list>> {
    const { userId: actorId } = call.caller;
    const { q, limit = 0 } = call.query;
    if (q !== undefined) {
      const { members: found } = await this.conversations.searchMembers({ actorId, ...call.params, query: q, limit });
      return { items: await this.memberViews(actorId, found) };
    }
    const answer = await this.conversations.listMembers({ actorId, ...call.params, page: pageRequest(call.query) });
    return { items: await this.memberViews(actorId, answer.members), ...nextCursor(answer.nextCursor) };
  }

  @Handles(members.get)
  async get(@RestCall() call: CallOf<typeof members.get>): Promise<ResponseOf<typeof members.get>> {
    const { userId: actorId } = call.caller;
    const { member } = await this.conversations.getMember({ actorId, ...call.params });
    return answered((await this.memberViews(actorId, [answered(member)]))[0]);
  }

  @Handles(members.add)
  async add(@RestCall() call: CallOf<typeof members.add>): Promise<ResponseOf<typeof members.add>> {
    const { userId: actorId } = call.caller;
    const answer = await this.conversations.addMembers({ actorId, ...call.params, ...call.body });
    return { items: await this.memberViews(actorId, answer.members), refusedUserIds: answer.refusedUserIds };
  }

  @Handles(members.change)
  async change(@RestCall() call: CallOf<typeof members.change>): Promise<ResponseOf<typeof members.change>> {
    const { userId: actorId } = call.caller;
    const { role, nickname, mutedUntil } = call.body;
    const answer = await this.conversations.changeMember({
      actorId,
      ...call.params,
      role,
      nickname,
      mutedUntil: mutedUntil === null ? 0 : mutedUntil === undefined ? undefined : Date.parse(mutedUntil),
    });
    return answered((await this.memberViews(actorId, [answered(answer.member)]))[0]);
  }

  @Handles(members.remove)
  async remove(@RestCall() call: CallOf<typeof members.remove>): Promise<void> {
    await this.conversations.removeMember({ actorId: call.caller.userId, ...call.params });
  }

  @Handles(members.settings)
  async settings(@RestCall() call: CallOf<typeof members.settings>): Promise<ResponseOf<typeof members.settings>> {
    const { muted, pinned, archived } = call.body;
    const wish = { actorId: call.caller.userId, ...call.params, muted, pinned, archived };
    return answered((await this.conversations.setMySettings(wish)).settings);
  }

  @Handles(members.announce)
  async announce(@RestCall() call: CallOf<typeof members.announce>): Promise<ResponseOf<typeof members.announce>> {
    const wish = { actorId: call.caller.userId, ...call.params, ...call.body };
    return announcementView(answered((await this.conversations.setAnnouncement(wish)).announcement));
  }

  @Handles(members.invitations)
  async invitations(
    @RestCall() call: CallOf<typeof members.invitations>,
  ): Promise<ResponseOf<typeof members.invitations>> {
    const answer = await this.conversations.listInvitations({ actorId: call.caller.userId, ...call.params });
    return { items: answer.invitations.map(invitationView) };
  }

  @Handles(members.invite)
  async invite(@RestCall() call: CallOf<typeof members.invite>): Promise<ResponseOf<typeof members.invite>> {
    const { ttlSeconds = 0, maxUses = 0 } = call.body;
    const wish = { actorId: call.caller.userId, ...call.params, ttlSeconds, maxUses };
    return invitationView(answered((await this.conversations.createInvitation(wish)).invitation));
  }

  @Handles(members.revoke)
  async revoke(@RestCall() call: CallOf<typeof members.revoke>): Promise<void> {
    await this.conversations.revokeInvitation({ actorId: call.caller.userId, ...call.params });
  }

  @Handles(members.previewInvitation)
  async previewInvitation(
    @RestCall() call: CallOf<typeof members.previewInvitation>,
  ): Promise<ResponseOf<typeof members.previewInvitation>> {
    const { userId: actorId } = call.caller;
    const answer = await this.conversations.previewInvitation({ actorId, ...call.params });
    const { code, conversationId, createdBy, expiresAt } = answered(answer.invitation);
    const { kind, title, description, avatarFileId, memberCount } = answered(answer.conversation);
    return {
      code,
      conversationId,
      kind: kind === 'room' ? 'room' : 'group',
      title,
      description,
      ...ifSet('avatarFileId', avatarFileId),
      memberCount,
      inviter: answered((await this.people.named(actorId, [createdBy])).get(createdBy)),
      expiresAt: iso(expiresAt),
      alreadyMember: answer.alreadyMember,
    };
  }

  @Handles(members.acceptInvitation)
  async acceptInvitation(
    @RestCall() call: CallOf<typeof members.acceptInvitation>,
  ): Promise<ResponseOf<typeof members.acceptInvitation>> {
    const { userId: actorId } = call.caller;
    const { conversation } = await this.conversations.acceptInvitation({ actorId, code: call.params.code });
    return this.view.one(actorId, answered(conversation).conversationId);
  }

  private async memberViews(actorId: string, wires: conversationV1.Member[]): Promise<Member[]> {
    const people = await this.people.named(
      actorId,
      wires.map(({ userId }) => userId),
    );
    return wires.map(({ userId, role, nickname, joinedAt, mutedUntil }) => ({
      userId,
      role: role as Member['role'],
      nickname,
      joinedAt: iso(joinedAt),
      ...(mutedUntil === 0 ? {} : { mutedUntil: iso(mutedUntil) }),
      user: people.get(userId),
    }));
  }
}

function invitationView(wire: conversationV1.Invitation): Invitation {
  const { code, conversationId, createdBy, maxUses, uses } = wire;
  return { code, conversationId, createdBy, expiresAt: iso(wire.expiresAt), maxUses, uses };
}
