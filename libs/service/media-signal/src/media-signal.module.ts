import type { SqlDatabase } from '@parley/adapter-sql';
import { RpcClients } from '@parley/contracts/rpc';
import {
  ActOnCall,
  CallDesk,
  CallDevices,
  CallStore,
  Conversation,
  DeviceBack,
  DeviceGone,
  EndOverdueCalls,
  FactRelay,
  GetCall,
  GetIceServers,
  Invite,
  ListCalls,
  PassSignal,
  PendingFacts,
  RingAgain,
} from '@parley/core-media-signal';
import { Clock, IdGenerator } from '@parley/kernel';
import { bind, measureWaitingRows, provide } from '@parley/platform';
import { type DynamicModule, Logger, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CallSweepers } from './call-sweeper.js';
import { CallController } from './inbound/grpc/call.controller.js';
import { RpcCallDevices } from './outbound/rpc-call-devices.js';
import { RpcConversation } from './outbound/rpc-conversation.js';
import { SqlCallStore } from './outbound/sql-call-store.js';
import { SqlPendingFacts } from './outbound/sql-pending-facts.js';
import { callTimes, iceSettings, type MediaSignalSettings } from './settings.js';

export interface MediaSignalModuleOptions {
  /** Of the schema `media-signal`. Closed by who opened it. */
  database: SqlDatabase;
  settings: MediaSignalSettings;
}

const DATABASE = Symbol('MediaSignalDatabase');
const TIMES = Symbol('CallTimes');
const ICE = Symbol('IceSettings');

@Module({})
export class MediaSignalModule implements OnModuleInit, OnApplicationShutdown {
  static with({ database, settings }: MediaSignalModuleOptions): DynamicModule {
    measureWaitingRows('media-signal', 'pending_facts', database);
    return {
      module: MediaSignalModule,
      controllers: [CallController],
      providers: [
        { provide: DATABASE, useValue: database },
        { provide: TIMES, useValue: callTimes(settings) },
        { provide: ICE, useValue: iceSettings(settings) },
        bind(CallStore, SqlCallStore, DATABASE),
        bind(PendingFacts, SqlPendingFacts, DATABASE),
        bind(Conversation, RpcConversation, RpcClients),
        bind(CallDevices, RpcCallDevices, RpcClients),
        {
          provide: FactRelay,
          inject: [PendingFacts, Conversation],
          useFactory: (pending: PendingFacts, conversation: Conversation) => relayOf(pending, conversation),
        },
        provide(CallDesk, CallStore, CallDevices, FactRelay, Clock, TIMES),
        provide(Invite, CallStore, Conversation, CallDesk, Clock, IdGenerator, TIMES),
        provide(ActOnCall, CallStore, Conversation, CallDesk),
        provide(PassSignal, CallStore, CallDevices, CallDesk),
        provide(GetCall, CallStore),
        provide(ListCalls, CallStore),
        provide(GetIceServers, Clock, ICE),
        provide(DeviceGone, CallStore, CallDesk),
        provide(DeviceBack, CallStore, CallDesk),
        provide(RingAgain, CallStore, CallDesk, Clock),
        provide(EndOverdueCalls, CallStore, CallDesk, Clock),
        {
          provide: CallSweepers,
          inject: [EndOverdueCalls, FactRelay, RingAgain],
          useFactory: (overdue: EndOverdueCalls, facts: FactRelay, ring: RingAgain) =>
            new CallSweepers(overdue, facts, ring, database.leases),
        },
      ],
      exports: [DeviceGone, DeviceBack],
    };
  }

  constructor(private readonly sweepers: CallSweepers) {}

  onModuleInit(): void {
    this.sweepers.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.sweepers.stop();
  }
}

function relayOf(pending: PendingFacts, conversation: Conversation): FactRelay {
  const logger = new Logger(FactRelay.name);
  return new FactRelay(pending, conversation, (changeId, error) =>
    logger.warn(`The log of its conversation does not take ${changeId}, it is dropped: ${String(error)}`),
  );
}
