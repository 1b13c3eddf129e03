import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InProcessBus } from '@parley/adapter-in-process';
import { SqlDatabase } from '@parley/adapter-sql';
import { EventLog } from '@parley/contracts';
import { type gatewayV1, identityV1, policyV1, RpcClients } from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';
import { InProcessServer, PlatformModule, readSettings, RpcErrorFilter } from '@parley/platform';
import { CollectedLog } from '@parley/platform/testing';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FirstAdministrator, IdentityModule, identitySettings } from '../src/index.js';

/** The gateway as far as identity calls it. */
export class GatewayDouble {
  readonly closed: gatewayV1.CloseSessionsRequest[] = [];
  readonly versions: number[] = [];
  isAway = false;

  bindTo(bus: InProcessBus): void {
    bus.bind('GatewayNodeService/CloseSessions', async (request) => {
      this.refuseWhenAway();
      this.closed.push(request as gatewayV1.CloseSessionsRequest);
      return { closed: 0 };
    });
    bus.bind('GatewayNodeService/ReloadPolicies', async (request) => {
      this.refuseWhenAway();
      this.versions.push((request as gatewayV1.ReloadPoliciesRequest).version);
      return {};
    });
  }

  private refuseWhenAway(): void {
    if (this.isAway) throw new DomainError('server.unavailable', 'unavailable');
  }
}

/** Starts the service as a process would, over the data of `directory`. */
export async function startIdentity(directory: string, env: Record<string, string> = {}) {
  const bus = new InProcessBus();
  const gateway = new GatewayDouble();
  gateway.bindTo(bus);
  const log = new CollectedLog();
  const database = await SqlDatabase.openSqlite({ schema: 'identity', directory });
  const settings = readSettings(identitySettings, env);

  @Module({
    imports: [
      PlatformModule.with([
        { provide: RpcClients, useValue: bus },
        { provide: EventLog, useValue: log },
      ]),
      IdentityModule.with({ database, settings }),
    ],
  })
  class TestModule {}

  const app = await NestFactory.createMicroservice(TestModule, { strategy: new InProcessServer(bus), logger: false });
  app.useGlobalFilters(new RpcErrorFilter());
  await app.listen();
  return {
    identity: bus.of(identityV1.IdentityServiceService),
    policies: bus.of(policyV1.PolicyServiceService),
    first: app.get(FirstAdministrator),
    app,
    gateway,
    log,
    stop: async () => {
      await app.close();
      await database.close();
    },
  };
}

export type RunningIdentity = Awaited<ReturnType<typeof startIdentity>>;

export async function temporaryDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'identity-service-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
