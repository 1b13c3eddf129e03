import type { RedisStore } from '@parley/adapter-redis';
import { RpcClients } from '@parley/contracts/rpc';
import { EMIT, MembershipMarks, PolicyEnforcer, SessionRegistry, socketObject, SystemView } from '@parley/core-gateway';
import { IdGenerator } from '@parley/kernel';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ConversationView } from './composition/conversation-view.js';
import { GatewayMetrics } from './gateway-metrics.js';
import { GatewayNodeController } from './inbound/grpc/gateway-node.controller.js';
import { controllers } from './inbound/http/controllers.js';
import type { CommandGroup } from './inbound/ws/command.js';
import { commandGroups } from './inbound/ws/commands/index.js';
import { Dispatcher } from './inbound/ws/dispatcher.js';
import { RealtimeGateway } from './inbound/ws/realtime.gateway.js';
import { RateLimitGuard } from './limits/rate-limit.guard.js';
import { RedisSharedAllowance } from './limits/redis-shared-allowance.js';
import { commandLimitedAs } from './limits/limited-as.js';
import { RequestLimits } from './limits/request-limits.js';
import { CursorMover } from './outbound/cursor-mover.js';
import { MessageSender } from './outbound/message-sender.js';
import { PresenceReporter } from './outbound/presence-reporter.js';
import { SubscriptionCheck } from './outbound/subscription-check.js';
import { WatchKeeper } from './outbound/watch-keeper.js';
import { policyProviders } from './policy/policy-providers.js';
import { GATEWAY_SETTINGS, type GatewaySettings } from './settings.js';

export interface GatewayModuleOptions {
  /** What administrators are told of the rest. */
  system: SystemView;
  /** How the other services name this process in calls to it; new with every start. One of its own when not given. */
  nodeId?: string;
  /** Where several gateways share what they let through. Default: each limits by itself. */
  redis?: RedisStore;
}

@Module({})
export class GatewayModule {
  static with(settings: GatewaySettings, { system, nodeId, redis }: GatewayModuleOptions): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [GatewayNodeController, ...controllers],
      providers: [
        { provide: GATEWAY_SETTINGS, useValue: settings },
        { provide: SystemView, useValue: system },
        { provide: SessionRegistry, useValue: new SessionRegistry(() => performance.now()) },
        { provide: MembershipMarks, useValue: new MembershipMarks(() => performance.now()) },
        {
          provide: RequestLimits,
          useFactory: () =>
            new RequestLimits(settings, redis === undefined ? undefined : new RedisSharedAllowance(redis)),
        },
        {
          provide: PresenceReporter,
          inject: [RpcClients, SessionRegistry, WatchKeeper, IdGenerator],
          useFactory: (rpc: RpcClients, registry: SessionRegistry, watches: WatchKeeper, ids: IdGenerator) =>
            new PresenceReporter(rpc, registry, watches, nodeId ?? ids.next()),
        },
        WatchKeeper,
        SubscriptionCheck,
        MessageSender,
        CursorMover,
        { provide: ConversationView, inject: [RpcClients], useFactory: (rpc: RpcClients) => new ConversationView(rpc) },
        ...commandGroups,
        {
          provide: Dispatcher,
          inject: [RequestLimits, PolicyEnforcer, ...commandGroups],
          useFactory: (limits: RequestLimits, enforcer: PolicyEnforcer, ...groups: CommandGroup[]) =>
            new Dispatcher(groups, ({ principal }, event) => {
              enforcer.require(principal, socketObject(event), EMIT);
              return limits.take(principal.userId, commandLimitedAs(event));
            }),
        },
        ...policyProviders,
        // ORDER: after the access guard, which says who calls.
        { provide: APP_GUARD, useClass: RateLimitGuard },
        RealtimeGateway,
        GatewayMetrics,
      ],
    };
  }
}
