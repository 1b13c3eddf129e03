import type { SqlDatabase } from '@parley/adapter-sql';
import { EventLog } from '@parley/contracts';
import { RpcClients } from '@parley/contracts/rpc';
import {
  AddMembers,
  BlockUser,
  ChangeMember,
  ConversationChanges,
  ConversationLog,
  ConversationStore,
  CreateConversation,
  EnsureWorld,
  FactRelay,
  GovernConversation,
  JoinConversation,
  KeepContacts,
  LeaveConversation,
  type Limits,
  ManageInvitations,
  OpenDirect,
  PairChanges,
  type PairRules,
  PairStore,
  PendingFacts,
  PreviewInvitation,
  ReadContacts,
  ReadConversations,
  RemoveMember,
  RequestContact,
  SearchMembers,
  SetMySettings,
  UserDirectory,
  WhoMayBeAdded,
} from '@parley/core-conversation';
import { Clock, IdGenerator } from '@parley/kernel';
import { bind, type GatewayNodes, measureWaitingRows, Outbox, provide, Sweeper } from '@parley/platform';
import {
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { factSweeper } from './fact-sweeper.js';
import { ContactController } from './inbound/grpc/contact.controller.js';
import { ConversationController } from './inbound/grpc/conversation.controller.js';
import { MemberController } from './inbound/grpc/member.controller.js';
import { ContactFeed } from './outbound/contact-feed.js';
import { RpcConversationLog } from './outbound/rpc-conversation-log.js';
import { RpcUserDirectory } from './outbound/rpc-user-directory.js';
import { SettingsFeed } from './outbound/settings-feed.js';
import { SqlConversationStore } from './outbound/sql-conversation-store.js';
import { SqlPairStore } from './outbound/sql-pair-store.js';
import { SqlPendingFacts } from './outbound/sql-pending-facts.js';
import type { ConversationSettings } from './settings.js';

export interface ConversationModuleOptions {
  /** Of the schema `conversation`. Closed by who opened it. */
  database: SqlDatabase;
  settings: ConversationSettings;
  /** Who must know before somebody's going is acked. Default: the one gateway of this process. */
  gatewayNodes?: GatewayNodes;
}

const DATABASE = Symbol('ConversationDatabase');
const LIMITS = Symbol('Limits');
const RULES = Symbol('PairRules');
// A token of its own: every service in the process has an outbox.
const OUTBOX = Symbol('ConversationOutbox');
const SWEEPER = Symbol('ConversationSweeper');

const THIS_PROCESS: GatewayNodes = () => Promise.resolve([undefined]);
const HOUR_MS = 3_600_000;

@Module({})
export class ConversationModule implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(ConversationModule.name);

  static with({ database, settings, gatewayNodes = THIS_PROCESS }: ConversationModuleOptions): DynamicModule {
    measureWaitingRows('conversation', 'outbox', database);
    measureWaitingRows('conversation', 'pending_facts', database);
    const limits: Limits = { groupMembers: settings.PARLEY_GROUP_MEMBER_LIMIT };
    const rules: PairRules = {
      requestTtlMs: settings.PARLEY_CONTACT_REQUEST_DAYS * 24 * HOUR_MS,
      pauseMs: settings.PARLEY_CONTACT_REQUEST_PAUSE_HOURS * HOUR_MS,
    };
    return {
      module: ConversationModule,
      controllers: [ConversationController, MemberController, ContactController],
      providers: [
        { provide: DATABASE, useValue: database },
        { provide: LIMITS, useValue: limits },
        { provide: RULES, useValue: rules },
        { provide: OUTBOX, inject: [EventLog], useFactory: (log: EventLog) => new Outbox(database, log) },
        provide(ContactFeed, OUTBOX, Clock),
        provide(SettingsFeed, OUTBOX),
        bind(ConversationStore, SqlConversationStore, DATABASE, SettingsFeed),
        bind(PairStore, SqlPairStore, DATABASE, ContactFeed),
        bind(PendingFacts, SqlPendingFacts, DATABASE),
        {
          provide: ConversationLog,
          inject: [RpcClients],
          useFactory: (rpc: RpcClients) => new RpcConversationLog(rpc, gatewayNodes),
        },
        bind(UserDirectory, RpcUserDirectory, RpcClients),
        provide(FactRelay, PendingFacts, ConversationLog),
        {
          provide: SWEEPER,
          inject: [FactRelay],
          useFactory: (relay: FactRelay) => factSweeper(relay, database.leases),
        },
        provide(ConversationChanges, ConversationStore, FactRelay, Clock, IdGenerator),
        provide(PairChanges, PairStore, Clock, IdGenerator, RULES),
        provide(WhoMayBeAdded, UserDirectory, PairStore),
        provide(EnsureWorld, ConversationStore, Clock, IdGenerator),
        provide(OpenDirect, PairStore, PairChanges, UserDirectory, FactRelay),
        provide(CreateConversation, ConversationStore, WhoMayBeAdded, FactRelay, Clock, IdGenerator, LIMITS),
        provide(ReadConversations, ConversationStore),
        provide(SearchMembers, ReadConversations, ConversationStore, UserDirectory),
        provide(GovernConversation, ConversationChanges),
        provide(SetMySettings, ConversationStore),
        provide(JoinConversation, ConversationStore, ConversationChanges, LIMITS),
        provide(LeaveConversation, ConversationChanges),
        provide(AddMembers, ConversationChanges, WhoMayBeAdded, LIMITS),
        provide(ChangeMember, ConversationChanges),
        provide(RemoveMember, ConversationChanges),
        provide(ManageInvitations, ConversationStore, ConversationChanges, Clock, IdGenerator),
        provide(PreviewInvitation, ConversationStore, LIMITS, Clock, IdGenerator),
        provide(ReadContacts, PairStore),
        provide(KeepContacts, PairChanges),
        provide(RequestContact, PairStore, PairChanges, UserDirectory),
        provide(BlockUser, PairChanges, UserDirectory, FactRelay),
      ],
    };
  }

  constructor(
    private readonly world: EnsureWorld,
    @Inject(SWEEPER) private readonly sweeper: Sweeper,
    @Inject(OUTBOX) private readonly outbox: Outbox,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.world.execute();
    this.sweeper.start();
    this.outbox.start((error) => this.logger.warn(`Contact changes wait for the event log: ${String(error)}`));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.sweeper.stop();
    await this.outbox.stop();
  }
}
