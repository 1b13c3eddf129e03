import { type ResponseOf, rest } from '@parley/contracts';
import { messageV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { Controller, Inject } from '@nestjs/common';
import { MessageSender } from '../../outbound/message-sender.js';
import { CursorMover } from '../../outbound/cursor-mover.js';
import { editOf, eventView, messageView } from '../message-view.js';
import { type CallOf, Handles, RestCall } from './operation.js';

const { messages } = rest;

/** The message area over REST. Sends and cursors share their batches with the sockets'. */
@Controller()
export class MessagesController {
  private readonly message: ServiceClient<typeof messageV1.MessageServiceService>;

  constructor(
    @Inject(RpcClients) rpc: RpcClients,
    private readonly sender: MessageSender,
    private readonly cursors: CursorMover,
  ) {
    this.message = rpc.of(messageV1.MessageServiceService);
  }

  @Handles(messages.list)
  async list(@RestCall() call: CallOf<typeof messages.list>): Promise<ResponseOf<typeof messages.list>> {
    const { beforeSeq = 0, afterSeq = 0, at, messageIds, limit = 50 } = call.query;
    const { conversationId } = call.params;
    const actorId = call.caller.userId;
    if (messageIds !== undefined) {
      const { messages: named } = await this.message.getMessages({ actorId, conversationId, messageIds });
      return { items: named.map(messageView), hasMore: false };
    }
    const answer = await this.message.listMessages({
      actorId,
      conversationId,
      beforeSeq,
      afterSeq,
      fromAt: at === undefined ? 0 : Math.max(1, Date.parse(at)),
      oldestFirst: call.query.afterSeq !== undefined,
      limit,
    });
    return { items: answer.messages.map(messageView), hasMore: answer.hasMore };
  }

  @Handles(messages.send)
  send(@RestCall() call: CallOf<typeof messages.send>): Promise<ResponseOf<typeof messages.send>> {
    return this.sender.send(call.caller, { conversationId: call.params.conversationId, ...call.body });
  }

  @Handles(messages.get)
  async get(@RestCall() call: CallOf<typeof messages.get>): Promise<ResponseOf<typeof messages.get>> {
    return messageView((await this.message.getMessage({ actorId: call.caller.userId, ...call.params })).message);
  }

  @Handles(messages.edit)
  async edit(@RestCall() call: CallOf<typeof messages.edit>): Promise<ResponseOf<typeof messages.edit>> {
    const change = editOf(call.body);
    return messageView(
      (await this.message.editMessage({ actorId: call.caller.userId, ...call.params, ...change })).message,
    );
  }

  @Handles(messages.recall)
  async recall(@RestCall() call: CallOf<typeof messages.recall>): Promise<ResponseOf<typeof messages.recall>> {
    return messageView((await this.message.recallMessage({ actorId: call.caller.userId, ...call.params })).message);
  }

  @Handles(messages.remove)
  async remove(@RestCall() call: CallOf<typeof messages.remove>): Promise<void> {
    await this.message.deleteMessage({
      actorId: call.caller.userId,
      sessionId: call.caller.sessionId,
      ...call.params,
    });
  }

  @Handles(messages.receipts)
  async receipts(@RestCall() call: CallOf<typeof messages.receipts>): Promise<ResponseOf<typeof messages.receipts>> {
    const answer = await this.message.getReceipts({ actorId: call.caller.userId, ...call.params });
    return { deliveredCount: answer.deliveredCount, readCount: answer.readCount, items: answer.cursors };
  }

  @Handles(messages.cursor)
  cursor(@RestCall() call: CallOf<typeof messages.cursor>): Promise<ResponseOf<typeof messages.cursor>> {
    const { readSeq = 0, deliveredSeq = 0 } = call.body;
    return this.cursors.move(call.caller, call.params.conversationId, { readSeq, deliveredSeq });
  }

  @Handles(messages.events)
  async events(@RestCall() call: CallOf<typeof messages.events>): Promise<ResponseOf<typeof messages.events>> {
    const { afterSeq = 0, limit = 100 } = call.query;
    const answer = await this.message.listEvents({
      actorId: call.caller.userId,
      conversationId: call.params.conversationId,
      afterSeq,
      limit,
    });
    return { epoch: answer.epoch, headSeq: answer.headSeq, items: answer.events.map(eventView) };
  }
}
