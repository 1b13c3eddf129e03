import { commands } from '@parley/contracts';
import { messageV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { Inject, Injectable } from '@nestjs/common';
import { messageView } from '../../message-view.js';
import { type CommandGroup, onCommand } from '../command.js';

const { messageMark } = commands;

/** Reactions and pins on the socket. */
@Injectable()
export class MessageMarkCommands implements CommandGroup {
  private readonly service: ServiceClient<typeof messageV1.MessageServiceService>;

  constructor(@Inject(RpcClients) rpc: RpcClients) {
    this.service = rpc.of(messageV1.MessageServiceService);
  }

  readonly commands = [
    onCommand(messageMark.react, async ({ principal }, { remove = false, ...target }) =>
      messageView((await this.service.reactToMessage({ actorId: principal.userId, ...target, remove })).message),
    ),
    onCommand(messageMark.pin, async ({ principal }, target) =>
      messageView((await this.service.pinMessage({ actorId: principal.userId, ...target })).message),
    ),
  ];
}
