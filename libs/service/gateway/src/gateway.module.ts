import { RpcClients } from '@parley/contracts/rpc';
import { SessionRegistry } from '@parley/core-gateway';
import { IdGenerator } from '@parley/kernel';
import { type DynamicModule, Module } from '@nestjs/common';
import { ConversationView } from './composition/conversation-view.js';
import { GatewayNodeController } from './inbound/grpc/gateway-node.controller.js';
import { controllers } from './inbound/http/controllers.js';
import type { CommandGroup } from './inbound/ws/command.js';
import { commandGroups } from './inbound/ws/commands/index.js';
import { Dispatcher } from './inbound/ws/dispatcher.js';
import { RealtimeGateway } from './inbound/ws/realtime.gateway.js';
import { RequestLimits } from './limits/request-limits.js';
import { CursorMover } from './outbound/cursor-mover.js';
import { MessageSender } from './outbound/message-sender.js';
import { PresenceReporter } from './outbound/presence-reporter.js';
import { policyProviders } from './policy/policy-providers.js';
import { GATEWAY_SETTINGS, type GatewaySettings } from './settings.js';

@Module({})
export class GatewayModule {
  static with(settings: GatewaySettings): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [GatewayNodeController, ...controllers],
      providers: [
        { provide: GATEWAY_SETTINGS, useValue: settings },
        { provide: SessionRegistry, useValue: new SessionRegistry() },
        { provide: RequestLimits, useValue: new RequestLimits(settings) },
        {
          provide: PresenceReporter,
          inject: [RpcClients, SessionRegistry, IdGenerator],
          useFactory: (rpc: RpcClients, registry: SessionRegistry, ids: IdGenerator) =>
            new PresenceReporter(rpc, registry, ids.next()),
        },
        MessageSender,
        CursorMover,
        { provide: ConversationView, inject: [RpcClients], useFactory: (rpc: RpcClients) => new ConversationView(rpc) },
        ...commandGroups,
        {
          provide: Dispatcher,
          inject: [RequestLimits, ...commandGroups],
          useFactory: (limits: RequestLimits, ...groups: CommandGroup[]) =>
            new Dispatcher(groups, ({ principal }, event) =>
              limits.take(principal.userId, event === 'message:send' ? 'send' : 'request'),
            ),
        },
        ...policyProviders,
        RealtimeGateway,
      ],
    };
  }
}
