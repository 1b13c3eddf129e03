import { type ResponseOf, rest } from '@parley/contracts';
import { messageV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { Controller, Inject } from '@nestjs/common';
import { messageView } from '../message-view.js';
import { type CallOf, Handles, RestCall } from './operation.js';

const { messageMarks } = rest;

/** Reactions and pins over REST. */
@Controller()
export class MessageMarksController {
  private readonly message: ServiceClient<typeof messageV1.MessageServiceService>;

  constructor(@Inject(RpcClients) rpc: RpcClients) {
    this.message = rpc.of(messageV1.MessageServiceService);
  }

  @Handles(messageMarks.react)
  async react(@RestCall() call: CallOf<typeof messageMarks.react>): Promise<ResponseOf<typeof messageMarks.react>> {
    const { message } = await this.message.reactToMessage({
      actorId: call.caller.userId,
      ...call.params,
      remove: false,
    });
    return messageView(message);
  }

  @Handles(messageMarks.unreact)
  async unreact(@RestCall() call: CallOf<typeof messageMarks.unreact>): Promise<ResponseOf<typeof messageMarks.react>> {
    const { message } = await this.message.reactToMessage({
      actorId: call.caller.userId,
      ...call.params,
      remove: true,
    });
    return messageView(message);
  }

  @Handles(messageMarks.pin)
  async pin(@RestCall() call: CallOf<typeof messageMarks.pin>): Promise<ResponseOf<typeof messageMarks.pin>> {
    const { message } = await this.message.pinMessage({ actorId: call.caller.userId, ...call.params, pinned: true });
    return messageView(message);
  }

  @Handles(messageMarks.unpin)
  async unpin(@RestCall() call: CallOf<typeof messageMarks.unpin>): Promise<ResponseOf<typeof messageMarks.unpin>> {
    const { message } = await this.message.pinMessage({ actorId: call.caller.userId, ...call.params, pinned: false });
    return messageView(message);
  }

  @Handles(messageMarks.pins)
  async pins(@RestCall() call: CallOf<typeof messageMarks.pins>): Promise<ResponseOf<typeof messageMarks.pins>> {
    const { messages } = await this.message.listPins({ actorId: call.caller.userId, ...call.params });
    return { items: messages.map(messageView) };
  }
}
