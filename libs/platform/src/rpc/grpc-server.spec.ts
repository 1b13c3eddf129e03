import { GrpcClients, StaticAddresses } from '@parley/adapter-grpc';
import { gatewayV1, type ServiceClient } from '@parley/contracts/rpc';
import { freePort } from '@parley/testing';
import { Controller, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GrpcServer } from './grpc-server.js';
import { RpcErrorFilter } from './rpc-error.filter.js';

const serviceToken = 'token of the services of this test';
const REQUEST = { sessionIds: [], userIds: [], code: '', action: '' };

describe('the end of a gRPC server', () => {
  let app: INestMicroservice;
  let server: GrpcServer;
  let clients: GrpcClients;
  let gateway: ServiceClient<typeof gatewayV1.GatewayNodeServiceService>;
  let begun: number;
  let release: () => void;

  beforeEach(async () => {
    begun = 0;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });

    @Controller()
    @gatewayV1.GatewayNodeServiceControllerMethods()
    class GatewayNodeController implements Partial<gatewayV1.GatewayNodeServiceController> {
      async closeSessions(): Promise<gatewayV1.CloseSessionsResponse> {
        begun += 1;
        await held;
        return { closed: 7 };
      }
      deliver(): gatewayV1.DeliverResponse {
        return { sockets: [], process: 'p' };
      }
      expelMembers(): gatewayV1.ExpelMembersResponse {
        return {};
      }
      reloadPolicies(): gatewayV1.ReloadPoliciesResponse {
        return {};
      }
    }

    const port = await freePort();
    server = new GrpcServer({
      host: '127.0.0.1',
      port,
      serviceToken,
      services: [gatewayV1.GatewayNodeServiceService],
    });
    const module = { module: class Root {}, controllers: [GatewayNodeController] };
    const options = { ...server.nestOptions(), logger: false as const };
    app = await NestFactory.createMicroservice<MicroserviceOptions>(module, options);
    app.useGlobalFilters(new RpcErrorFilter());
    await app.listen();
    const addresses = new StaticAddresses({ 'api-gateway': `127.0.0.1:${port}` });
    clients = new GrpcClients({ addresses, serviceToken });
    gateway = clients.of(gatewayV1.GatewayNodeServiceService);
  });

  afterEach(() => clients.close());

  it('waits for the calls in progress, and takes no new ones', async () => {
    const call = gateway.closeSessions(REQUEST);
    await vi.waitFor(() => expect(begun).toBe(1));
    server.draining();
    const closed = app.close();
    await vi.waitFor(() =>
      expect(
        gateway.deliver({ deliveries: [], process: '', missed: undefined }, { timeoutMs: 200 }),
      ).rejects.toMatchObject({
        code: 'server.unavailable',
      }),
    );
    release();
    expect(await call).toEqual({ closed: 7 });
    await closed;
  });

  it('cuts off the calls that do not end', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const call = gateway.closeSessions(REQUEST, { timeoutMs: 60_000 }).catch((error: unknown) => error);
    for (let turn = 0; begun === 0 && turn < 1000; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    server.draining();
    const closed = app.close();
    await vi.advanceTimersByTimeAsync(8000);
    vi.useRealTimers();
    await closed;
    expect(await call).toMatchObject({ code: 'server.unavailable' });
  });
});
