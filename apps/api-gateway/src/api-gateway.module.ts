import type { RedisStore } from '@parley/adapter-redis';
import { RpcClients } from '@parley/contracts/rpc';
import { type ClusterProcess, loggingModule, PlatformModule } from '@parley/platform';
import { GatewayModule } from '@parley/service-gateway';
import { type DynamicModule, Module } from '@nestjs/common';
import type { ApiGatewaySettings } from './settings.js';
import { ClusterView } from './cluster-view.js';

/** The gateway alone: everything it answers comes from the other services. */
@Module({})
export class ApiGatewayModule {
  static with(settings: ApiGatewaySettings, here: ClusterProcess, redis: RedisStore): DynamicModule {
    const { rpc, addresses, instance } = here;
    return {
      module: ApiGatewayModule,
      imports: [
        loggingModule(settings.PARLEY_LOG_LEVEL, process.stdout.isTTY),
        PlatformModule.with([{ provide: RpcClients, useValue: rpc }]),
        GatewayModule.with(settings, { system: new ClusterView(addresses), nodeId: instance, redis }),
      ],
    };
  }
}
