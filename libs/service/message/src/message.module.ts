import type { SqlDatabase } from '@parley/adapter-sql';
import { EventLog } from '@parley/contracts';
import { RpcClients } from '@parley/contracts/rpc';
import {
  AdvanceCursors,
  AppendFacts,
  CheckMembers,
  ConversationLog,
  ConversationStates,
  CursorWatch,
  DeleteMessage,
  EditMessage,
  GetConversations,
  GetMessage,
  GetMessages,
  GetReceipts,
  HideWatch,
  ListConversations,
  ListEvents,
  ListMemberIds,
  ListMessages,
  ListPins,
  LogReader,
  type MessageSearchIndex,
  PinMessage,
  ReactToMessage,
  RecallMessage,
  SendMessages,
  SyncDevice,
} from '@parley/core-message';
import { Clock } from '@parley/kernel';
import { measureWaitingRows, provide } from '@parley/platform';
import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import { MessageReadController } from './inbound/grpc/message-read.controller.js';
import { MessageWriteController } from './inbound/grpc/message-write.controller.js';
import { SearchController } from './inbound/grpc/search.controller.js';
import { DeliveryCursorWatch } from './outbound/delivery-cursor-watch.js';
import { DeliveryHideWatch } from './outbound/delivery-hide-watch.js';
import { measuredLog } from './message-metrics.js';
import { MessageRelay } from './outbound/message-relay.js';
import { logReaderOf } from './outbound/log-reader-of.js';
import type { CommitRunner } from './outbound/commit-runner.js';
import { RungLog, SearchIndexer } from './outbound/search/search-indexer.js';
import { searchProviders } from './search.providers.js';

export interface MessageModuleOptions {
  /** For reads; its schema is up to date. */
  database: SqlDatabase;
  /** Writes that database: alone on SQLite, as one of several on MySQL. */
  runner: CommitRunner;
  /** Absent: messages cannot be searched. The caller closes it. */
  search?: MessageSearchIndex | undefined;
  /** Members up to which receipts are shown member by member, and up to which they are counted. */
  receiptTiers: { perMember: number; counted: number };
}

const RUNNER = Symbol('CommitRunner');

@Module({})
export class MessageModule implements OnModuleInit, OnApplicationShutdown {
  static with(options: MessageModuleOptions): DynamicModule {
    const { database, runner, receiptTiers, search } = options;
    measureWaitingRows('message', 'outbox', database);
    return {
      module: MessageModule,
      controllers: [MessageWriteController, MessageReadController, SearchController],
      providers: [
        { provide: RUNNER, useValue: runner },
        { provide: LogReader, useFactory: () => logReaderOf(database) },
        { provide: MessageRelay, inject: [EventLog], useFactory: (log: EventLog) => new MessageRelay(runner, log) },
        {
          provide: ConversationLog,
          inject: [MessageRelay, Clock, { token: SearchIndexer, optional: true }],
          useFactory: (relay: MessageRelay, clock: Clock, indexer?: SearchIndexer) => {
            const log = measuredLog(runner, relay, clock);
            return indexer === undefined ? log : new RungLog(log, indexer);
          },
        },
        ...searchProviders(database, search),
        {
          provide: CursorWatch,
          inject: [RpcClients],
          useFactory: (rpc: RpcClients) => new DeliveryCursorWatch(rpc, receiptTiers.perMember),
        },
        { provide: HideWatch, inject: [RpcClients], useFactory: (rpc: RpcClients) => new DeliveryHideWatch(rpc) },
        provide(SendMessages, ConversationLog),
        provide(AppendFacts, ConversationLog),
        provide(AdvanceCursors, ConversationLog, CursorWatch),
        provide(EditMessage, ConversationLog, LogReader),
        provide(RecallMessage, ConversationLog, LogReader),
        provide(ReactToMessage, ConversationLog, LogReader),
        provide(PinMessage, ConversationLog, LogReader),
        provide(DeleteMessage, ConversationLog, HideWatch),
        provide(ListMessages, LogReader),
        provide(GetMessage, LogReader),
        provide(GetMessages, LogReader),
        provide(ListPins, LogReader),
        provide(ListEvents, LogReader),
        provide(ConversationStates, LogReader),
        provide(GetConversations, LogReader, ConversationStates),
        provide(ListConversations, LogReader, ConversationStates),
        {
          provide: SyncDevice,
          inject: [LogReader, ConversationStates, Clock],
          useFactory: (reader: LogReader, states: ConversationStates, clock: Clock) =>
            new SyncDevice(reader, states, () => clock.now()),
        },
        provide(ListMemberIds, LogReader),
        {
          provide: CheckMembers,
          inject: [LogReader, Clock],
          useFactory: (reader: LogReader, clock: Clock) => new CheckMembers(reader, () => clock.now()),
        },
        {
          provide: GetReceipts,
          inject: [GetMessage, LogReader],
          useFactory: (get: GetMessage, reader: LogReader) => new GetReceipts(get, reader, receiptTiers),
        },
      ],
    };
  }

  constructor(
    private readonly relay: MessageRelay,
    @Inject(RUNNER) private readonly runner: CommitRunner,
    @Optional() @Inject(SearchIndexer) private readonly indexer: SearchIndexer | undefined,
  ) {}

  onModuleInit(): void {
    this.relay.start();
    this.indexer?.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.indexer?.stop();
    await this.relay.stop();
    await this.runner.close();
  }
}
