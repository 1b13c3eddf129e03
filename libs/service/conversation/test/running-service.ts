import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InProcessBus } from '@parley/adapter-in-process';
import { SqlDatabase } from '@parley/adapter-sql';
import { EventLog } from '@parley/contracts';
import { contactV1, conversationV1, type gatewayV1, identityV1, messageV1, RpcClients } from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';
import { InProcessServer, PlatformModule, readSettings, RpcErrorFilter } from '@parley/platform';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConversationModule, conversationSettings } from '../src/index.js';

/** The message service as far as conversation calls it: idempotent, and it can fail in the ways that matter. */
export class MessageDouble {
  readonly facts: messageV1.Fact[] = [];
  /** down: refuses. deaf: writes, then the answer is lost. */
  state: 'up' | 'down' | 'deaf' = 'up';
  /** Resolves before anything is written; for looking at what happens meanwhile. */
  gate: Promise<void> = Promise.resolve();

  async append({ facts }: messageV1.AppendFactsRequest): Promise<messageV1.AppendFactsResponse> {
    await this.gate;
    const unavailable = new DomainError('server.unavailable', 'unavailable');
    if (this.state === 'down') throw unavailable;
    const known = new Set(this.facts.map(({ changeId }) => changeId));
    this.facts.push(...facts.filter(({ changeId }) => !known.has(changeId)));
    if (this.state === 'deaf') throw unavailable;
    return { seqs: facts.map(({ changeId }) => 1 + this.facts.findIndex((fact) => fact.changeId === changeId)) };
  }

  of(conversationId: string): messageV1.Fact[] {
    return this.facts.filter((fact) => fact.conversationId === conversationId);
  }
}

/** The gateways as far as conversation calls them. */
export class GatewayDouble {
  readonly departures: gatewayV1.Departure[] = [];
  isSilent = false;

  async expel({ departures }: gatewayV1.ExpelMembersRequest): Promise<gatewayV1.ExpelMembersResponse> {
    if (this.isSilent) throw new DomainError('server.unavailable', 'unavailable');
    this.departures.push(...departures);
    return {};
  }
}

export interface Running {
  conversations: ReturnType<typeof conversationClient>;
  contacts: ReturnType<typeof contactClient>;
  stop: () => Promise<void>;
}

const conversationClient = (bus: InProcessBus) => bus.of(conversationV1.ConversationServiceService);
const contactClient = (bus: InProcessBus) => bus.of(contactV1.ContactServiceService);

/** Starts the service as a process would, over the data of `directory`; users whose id starts with `no` do not exist. */
export async function startService(
  directory: string,
  message: MessageDouble,
  log: EventLog,
  gateway = new GatewayDouble(),
): Promise<Running> {
  const bus = new InProcessBus();
  bus.bind('GatewayNodeService/ExpelMembers', (request) => gateway.expel(request as gatewayV1.ExpelMembersRequest));
  bus.bind('MessageService/AppendFacts', (request) => message.append(request as messageV1.AppendFactsRequest));
  bus.bind('IdentityService/GetUsers', async (request) => {
    const { userIds } = request as identityV1.GetUsersRequest;
    const existing = userIds.filter((userId) => !userId.startsWith('no'));
    return { users: existing.map((userId) => ({ userId, deleted: userId.startsWith('deleted') })) };
  });
  bus.bind('IdentityService/SearchUsers', async (request) => {
    const { query, among } = request as identityV1.SearchUsersRequest;
    return { users: among.filter((id) => id.startsWith(query)).map((userId) => ({ userId })), nextCursor: '' };
  });
  const database = await SqlDatabase.openSqlite({ schema: 'conversation', directory });
  const settings = readSettings(conversationSettings, {});

  @Module({
    imports: [
      PlatformModule.with([
        { provide: RpcClients, useValue: bus },
        { provide: EventLog, useValue: log },
      ]),
      ConversationModule.with({ database, settings }),
    ],
  })
  class TestModule {}

  const app = await NestFactory.createMicroservice(TestModule, { strategy: new InProcessServer(bus), logger: false });
  app.useGlobalFilters(new RpcErrorFilter());
  await app.listen();
  return {
    conversations: conversationClient(bus),
    contacts: contactClient(bus),
    stop: async () => {
      await app.close();
      await database.close();
    },
  };
}

export async function temporaryDirectory(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'conversation-service-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
