import { commands } from '@parley/contracts';
import { messageV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { Inject, Injectable } from '@nestjs/common';
import { CursorMover } from '../../../outbound/cursor-mover.js';
import { MessageSender } from '../../../outbound/message-sender.js';
import { editOf, messageView } from '../../message-view.js';
import { type CommandGroup, onCommand } from '../command.js';

const { message } = commands;

@Injectable()
export class MessageCommands implements CommandGroup {
  private readonly service: ServiceClient<typeof messageV1.MessageServiceService>;

  constructor(
    @Inject(RpcClients) rpc: RpcClients,
    private readonly sender: MessageSender,
    private readonly cursors: CursorMover,
  ) {
    this.service = rpc.of(messageV1.MessageServiceService);
  }

  readonly commands = [
    onCommand(message.send, (session, input) => this.sender.send(session.principal, input)),
    onCommand(message.edit, async (session, { content, mentions, ...target }) =>
      messageView(
        (
          await this.service.editMessage({
            actorId: session.principal.userId,
            ...target,
            ...editOf({ content, mentions }),
          })
        ).message,
      ),
    ),
    onCommand(message.recall, async (session, target) =>
      messageView((await this.service.recallMessage({ actorId: session.principal.userId, ...target })).message),
    ),
    onCommand(message.remove, async (session, target) => {
      const { userId: actorId, sessionId } = session.principal;
      await this.service.deleteMessage({ actorId, sessionId, ...target });
      return {};
    }),
    onCommand(message.read, (session, { conversationId, seq }) =>
      this.cursors.move(session.principal, conversationId, { readSeq: seq, deliveredSeq: 0 }),
    ),
    onCommand(message.delivered, (session, { conversationId, seq }) =>
      this.cursors.move(session.principal, conversationId, { readSeq: 0, deliveredSeq: seq }),
    ),
  ];
}
