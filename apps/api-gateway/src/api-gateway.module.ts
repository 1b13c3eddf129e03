import { EventLog } from '@parley/contracts';
import { RpcClients } from '@parley/contracts/rpc';
import { loggingModule, PlatformModule } from '@parley/platform';
import { GatewayModule } from '@parley/service-gateway';
import { type DynamicModule, Module } from '@nestjs/common';
import type { ApiGatewaySettings } from './settings.js';

/** The gateway alone: everything it answers comes from the other services. */
@Module({})
export class ApiGatewayModule {
  static with(settings: ApiGatewaySettings, rpc: RpcClients, log: EventLog): DynamicModule {
    return {
      module: ApiGatewayModule,
      imports: [
        loggingModule(settings.PARLEY_LOG_LEVEL, process.stdout.isTTY),
        PlatformModule.with([
          { provide: RpcClients, useValue: rpc },
          { provide: EventLog, useValue: log },
        ]),
        GatewayModule.with(settings),
      ],
    };
  }
}
