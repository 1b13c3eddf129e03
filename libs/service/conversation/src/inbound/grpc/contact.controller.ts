import { contactV1 } from '@parley/contracts/rpc';
import { BlockUser, KeepContacts, ReadContacts, RequestContact } from '@parley/core-conversation';
import { Clock, type UserId } from '@parley/kernel';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { contactWire, pageRequest, requestWire } from './wire.js';

const SERVICE = contactV1.CONTACT_SERVICE_NAME;

@Controller()
export class ContactController {
  constructor(
    private readonly reader: ReadContacts,
    private readonly contacts: KeepContacts,
    private readonly requests: RequestContact,
    private readonly blocks: BlockUser,
    private readonly clock: Clock,
  ) {}

  @GrpcMethod(SERVICE)
  async listContacts({ actorId, page }: contactV1.ListContactsRequest): Promise<contactV1.ListContactsResponse> {
    const found = await this.reader.contacts(actorId as UserId, pageRequest(page));
    return { contacts: found.items.map(contactWire), nextCursor: found.nextCursor ?? '' };
  }

  @GrpcMethod(SERVICE)
  async updateContact(request: contactV1.UpdateContactRequest): Promise<contactV1.UpdateContactResponse> {
    const { actorId, userId, remark, tags, setTags } = request;
    const patch = { remark, tags: setTags ? tags : undefined };
    return { contact: contactWire(await this.contacts.update(actorId as UserId, userId as UserId, patch)) };
  }

  @GrpcMethod(SERVICE)
  async removeContact({ actorId, userId }: contactV1.RemoveContactRequest): Promise<contactV1.RemoveContactResponse> {
    await this.contacts.remove(actorId as UserId, userId as UserId);
    return {};
  }

  @GrpcMethod(SERVICE)
  async listContactRequests(
    request: contactV1.ListContactRequestsRequest,
  ): Promise<contactV1.ListContactRequestsResponse> {
    const direction = request.direction === 'out' ? 'out' : 'in';
    const found = await this.reader.requests(request.actorId as UserId, direction, pageRequest(request.page));
    const now = this.clock.now();
    return { requests: found.items.map((each) => requestWire(each, now)), nextCursor: found.nextCursor ?? '' };
  }

  @GrpcMethod(SERVICE)
  async requestContact(request: contactV1.RequestContactRequest): Promise<contactV1.RequestContactResponse> {
    const { actorId, userId, greeting } = request;
    const asked = await this.requests.ask(actorId as UserId, userId as UserId, greeting);
    return { request: requestWire(asked, this.clock.now()) };
  }

  @GrpcMethod(SERVICE)
  async answerContactRequest(
    request: contactV1.AnswerContactRequestRequest,
  ): Promise<contactV1.AnswerContactRequestResponse> {
    const { actorId, requestId, accept } = request;
    const answered = await this.requests.answer(actorId as UserId, requestId, accept);
    return { request: requestWire(answered, this.clock.now()) };
  }

  @GrpcMethod(SERVICE)
  async listBlocks({ actorId, page }: contactV1.ListBlocksRequest): Promise<contactV1.ListBlocksResponse> {
    const found = await this.reader.blocks(actorId as UserId, pageRequest(page));
    return { userIds: found.items, nextCursor: found.nextCursor ?? '' };
  }

  @GrpcMethod(SERVICE)
  async block({ actorId, userId }: contactV1.BlockRequest): Promise<contactV1.BlockResponse> {
    await this.blocks.block(actorId as UserId, userId as UserId);
    return {};
  }

  @GrpcMethod(SERVICE)
  async unblock({ actorId, userId }: contactV1.UnblockRequest): Promise<contactV1.UnblockResponse> {
    await this.blocks.unblock(actorId as UserId, userId as UserId);
    return {};
  }
}
