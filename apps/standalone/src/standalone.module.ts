import { InProcessBus } from '@parley/adapter-in-process';
import { EventLog, TIER_LIMITS } from '@parley/contracts';
import { RpcClients } from '@parley/contracts/rpc';
import { loggingModule, PlatformModule } from '@parley/platform';
import { ConversationModule } from '@parley/service-conversation';
import { DeliveryModule } from '@parley/service-delivery';
import { FileModule } from '@parley/service-file';
import { GatewayModule } from '@parley/service-gateway';
import { IdentityModule } from '@parley/service-identity';
import { MediaSignalModule } from '@parley/service-media-signal';
import { MessageModule } from '@parley/service-message';
import { PresenceModule } from '@parley/service-presence';
import { type DynamicModule, Module } from '@nestjs/common';
import type { StandaloneSettings } from './settings.js';
import type { Stores } from './stores.js';

/** All eight services in one process, on embedded engines, calling each other in process. The only place that knows this profile. */
@Module({})
export class StandaloneModule {
  static with(settings: StandaloneSettings, stores: Stores, bus: InProcessBus): DynamicModule {
    const { databases } = stores;
    return {
      module: StandaloneModule,
      imports: [
        loggingModule(settings.PARLEY_LOG_LEVEL, process.stdout.isTTY),
        PlatformModule.with([
          { provide: EventLog, useValue: stores.log },
          { provide: RpcClients, useValue: bus },
        ]),
        IdentityModule.with({ database: databases.identity, settings }),
        ConversationModule.with({ database: databases.conversation, settings }),
        MessageModule.with({
          database: databases.message,
          runner: stores.commits,
          search: stores.search,
          receiptTiers: { perMember: TIER_LIMITS.small, counted: TIER_LIMITS.large },
        }),
        DeliveryModule.with(),
        PresenceModule.with({ database: databases.presence }),
        FileModule.with({ database: databases.file, settings, storage: stores.objects }),
        MediaSignalModule.with({ database: databases['media-signal'], settings }),
        GatewayModule.with(settings, { system: { instances: () => [], lag: () => stores.log.lag() } }),
      ],
    };
  }
}
