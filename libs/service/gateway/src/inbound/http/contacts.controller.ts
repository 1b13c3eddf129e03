import { type contact, type contactRequest, type ResponseOf, rest } from '@parley/contracts';
import { contactV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { answered } from '../../composition/answered.js';
import { People } from '../../composition/people.js';
import { iso, nextCursor, pageRequest } from '../../composition/wire-text.js';
import { type CallOf, Handles, RestCall } from './operation.js';

const { contacts } = rest;

type Contact = z.input<typeof contact>;
type ContactRequest = z.input<typeof contactRequest>;

@Controller()
export class ContactsController {
  private readonly contacts: ServiceClient<typeof contactV1.ContactServiceService>;
  private readonly people: People;

  constructor(@Inject(RpcClients) rpc: RpcClients) {
    this.contacts = rpc.of(contactV1.ContactServiceService);
    this.people = new People(rpc);
  }

  @Handles(contacts.list)
  async list(@RestCall() call: CallOf<typeof contacts.list>): Promise<ResponseOf<typeof contacts.list>> {
    const { userId: actorId } = call.caller;
    const answer = await this.contacts.listContacts({ actorId, page: pageRequest(call.query) });
    return { items: await this.contactViews(actorId, answer.contacts), ...nextCursor(answer.nextCursor) };
  }

  @Handles(contacts.update)
  async update(@RestCall() call: CallOf<typeof contacts.update>): Promise<ResponseOf<typeof contacts.update>> {
    const { userId: actorId } = call.caller;
    const { remark, tags } = call.body;
    const setTags = tags !== undefined;
    const answer = await this.contacts.updateContact({ actorId, ...call.params, remark, tags: tags ?? [], setTags });
    return answered((await this.contactViews(actorId, [answered(answer.contact)]))[0]);
  }

  @Handles(contacts.remove)
  async remove(@RestCall() call: CallOf<typeof contacts.remove>): Promise<void> {
    await this.contacts.removeContact({ actorId: call.caller.userId, ...call.params });
  }

  @Handles(contacts.requests)
  async requests(@RestCall() call: CallOf<typeof contacts.requests>): Promise<ResponseOf<typeof contacts.requests>> {
    const { userId: actorId } = call.caller;
    const direction = call.query.direction ?? 'in';
    const answer = await this.contacts.listContactRequests({ actorId, direction, page: pageRequest(call.query) });
    return { items: await this.requestViews(actorId, answer.requests), ...nextCursor(answer.nextCursor) };
  }

  @Handles(contacts.request)
  async request(@RestCall() call: CallOf<typeof contacts.request>): Promise<ResponseOf<typeof contacts.request>> {
    const { userId: actorId } = call.caller;
    const { userId, greeting = '' } = call.body;
    const answer = await this.contacts.requestContact({ actorId, userId, greeting });
    return answered((await this.requestViews(actorId, [answered(answer.request)]))[0]);
  }

  @Handles(contacts.accept)
  accept(@RestCall() call: CallOf<typeof contacts.accept>): Promise<ResponseOf<typeof contacts.accept>> {
    return this.answer(call.caller.userId, call.params.requestId, true);
  }

  @Handles(contacts.decline)
  decline(@RestCall() call: CallOf<typeof contacts.decline>): Promise<ResponseOf<typeof contacts.decline>> {
    return this.answer(call.caller.userId, call.params.requestId, false);
  }

  @Handles(contacts.blocks)
  async blocks(@RestCall() call: CallOf<typeof contacts.blocks>): Promise<ResponseOf<typeof contacts.blocks>> {
    const { userId: actorId } = call.caller;
    const answer = await this.contacts.listBlocks({ actorId, page: pageRequest(call.query) });
    const people = await this.people.named(actorId, answer.userIds);
    return { items: answer.userIds.flatMap((id) => people.get(id) ?? []), ...nextCursor(answer.nextCursor) };
  }

  @Handles(contacts.block)
  async block(@RestCall() call: CallOf<typeof contacts.block>): Promise<void> {
    await this.contacts.block({ actorId: call.caller.userId, ...call.params });
  }

  @Handles(contacts.unblock)
  async unblock(@RestCall() call: CallOf<typeof contacts.unblock>): Promise<void> {
    await this.contacts.unblock({ actorId: call.caller.userId, ...call.params });
  }

  private async answer(actorId: string, requestId: string, accept: boolean): Promise<ContactRequest> {
    const answer = await this.contacts.answerContactRequest({ actorId, requestId, accept });
    return answered((await this.requestViews(actorId, [answered(answer.request)]))[0]);
  }

  private async contactViews(actorId: string, wires: contactV1.Contact[]): Promise<Contact[]> {
    const people = await this.people.named(
      actorId,
      wires.map(({ userId }) => userId),
    );
    return wires.map(({ userId, remark, tags, since }) => ({
      userId,
      remark,
      tags,
      addedAt: iso(since),
      user: people.get(userId),
    }));
  }

  private async requestViews(actorId: string, wires: contactV1.ContactRequest[]): Promise<ContactRequest[]> {
    const other = (wire: contactV1.ContactRequest) => (wire.fromUserId === actorId ? wire.toUserId : wire.fromUserId);
    const people = await this.people.named(actorId, wires.map(other));
    return wires.map((wire) => ({
      requestId: wire.requestId,
      fromUserId: wire.fromUserId,
      toUserId: wire.toUserId,
      greeting: wire.greeting,
      state: wire.state as ContactRequest['state'],
      createdAt: iso(wire.createdAt),
      expiresAt: iso(wire.expiresAt),
      ...(wire.answeredAt === 0 ? {} : { answeredAt: iso(wire.answeredAt) }),
      user: people.get(other(wire)),
    }));
  }
}
