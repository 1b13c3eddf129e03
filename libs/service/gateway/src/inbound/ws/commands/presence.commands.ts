import { commands } from '@parley/contracts';
import { presenceV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { Inject, Injectable } from '@nestjs/common';
import { WatchKeeper } from '../../../outbound/watch-keeper.js';
import { presenceView } from '../../presence-view.js';
import { type CommandGroup, onCommand } from '../command.js';

const { presence } = commands;

@Injectable()
export class PresenceCommands implements CommandGroup {
  private readonly service: ServiceClient<typeof presenceV1.PresenceServiceService>;

  constructor(
    @Inject(RpcClients) rpc: RpcClients,
    private readonly watches: WatchKeeper,
  ) {
    this.service = rpc.of(presenceV1.PresenceServiceService);
  }

  readonly commands = [
    onCommand(presence.subscribe, async ({ principal }, { userIds }) => ({
      items: (await this.watches.watch(principal, userIds)).map(presenceView),
    })),
    onCommand(presence.unsubscribe, async ({ principal: { sessionId } }, { userIds }) => {
      await this.watches.unwatch(sessionId, userIds);
      return {};
    }),
    onCommand(presence.typing, async ({ principal: { userId, sessionId } }, { conversationId, state }) => {
      const request = { actorId: userId, sessionId, conversationId, state };
      await this.service.setTyping(request, { key: conversationId });
      return {};
    }),
  ];
}
