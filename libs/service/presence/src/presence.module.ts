import type { RedisStore } from '@parley/adapter-redis';
import type { SqlDatabase } from '@parley/adapter-sql';
import { conversationTier, EventLog } from '@parley/contracts';
import { RpcClients } from '@parley/contracts/rpc';
import {
  AnnounceProfiles,
  GetPresence,
  LastSeenJournal,
  LastSeenStore,
  Membership,
  PresenceTracker,
  SessionDirectory,
  SessionPusher,
  Sessions,
  SetTyping,
  VisibleUsers,
  WatchRegistry,
  WatchUsers,
} from '@parley/core-presence';
import { Clock } from '@parley/kernel';
import { bind, provide } from '@parley/platform';
import {
  type DynamicModule,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { consumeContactChanged } from './inbound/events/contact-changed.consumer.js';
import { consumeUserChanged } from './inbound/events/user-changed.consumer.js';
import { PresenceController } from './inbound/grpc/presence.controller.js';
import { MemorySessionDirectory } from './outbound/memory-session-directory.js';
import { MemoryWatchRegistry } from './outbound/memory-watch-registry.js';
import { DeliveryPusher, RpcMembership, RpcVisibleUsers } from './outbound/rpc-neighbours.js';
import { RedisSessionDirectory } from './outbound/redis-session-directory.js';
import { RedisWatchRegistry } from './outbound/redis-watch-registry.js';
import { SqlLastSeenStore } from './outbound/sql-last-seen-store.js';
import { PresencePulse } from './presence-pulse.js';

export interface PresenceModuleOptions {
  /** Schema `presence`; keeps when users were last seen. */
  database: SqlDatabase;
  /** Where several instances share who is where and who watches whom. Default: in this process' memory. */
  redis?: RedisStore;
}

const onRedis = (redis: RedisStore): Provider[] => [
  { provide: SessionDirectory, useFactory: () => new RedisSessionDirectory(redis) },
  { provide: WatchRegistry, useFactory: () => new RedisWatchRegistry(redis) },
];

const inMemory: Provider[] = [
  bind(SessionDirectory, MemorySessionDirectory, Clock),
  bind(WatchRegistry, MemoryWatchRegistry),
];

@Module({})
export class PresenceModule implements OnApplicationBootstrap, OnApplicationShutdown {
  static with(options: PresenceModuleOptions): DynamicModule {
    return {
      module: PresenceModule,
      controllers: [PresenceController],
      providers: [
        ...(options.redis === undefined ? inMemory : onRedis(options.redis)),
        { provide: LastSeenStore, useFactory: () => new SqlLastSeenStore(options.database) },
        bind(VisibleUsers, RpcVisibleUsers, RpcClients),
        bind(Membership, RpcMembership, RpcClients),
        bind(SessionPusher, DeliveryPusher, RpcClients),
        provide(LastSeenJournal, LastSeenStore),
        provide(PresenceTracker, SessionDirectory, WatchRegistry, SessionPusher, Clock),
        provide(Sessions, SessionDirectory, WatchRegistry, PresenceTracker, LastSeenJournal, Clock),
        provide(GetPresence, VisibleUsers, SessionDirectory, LastSeenJournal),
        provide(WatchUsers, WatchRegistry, GetPresence),
        {
          provide: SetTyping,
          inject: [Membership, SessionPusher, Clock],
          useFactory: (membership: Membership, pusher: SessionPusher, clock: Clock) =>
            new SetTyping(membership, pusher, clock, (memberCount) => conversationTier(memberCount).typing),
        },
        provide(AnnounceProfiles, WatchRegistry, SessionPusher),
        provide(PresencePulse, PresenceTracker, Sessions, LastSeenJournal),
      ],
    };
  }

  constructor(
    private readonly log: EventLog,
    private readonly watches: WatchUsers,
    private readonly profiles: AnnounceProfiles,
    private readonly pulse: PresencePulse,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.pulse.begin();
    await consumeContactChanged(this.log, this.watches);
    await consumeUserChanged(this.log, this.profiles);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pulse.end();
  }
}
