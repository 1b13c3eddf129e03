import { GrpcClients, StaticAddresses } from '@parley/adapter-grpc';
import { InProcessBus } from '@parley/adapter-in-process';
import { type CloseSessions, rpcClientsContract } from '@parley/contracts/testing';
import { gatewayV1, SERVICE_TOKEN_KEY } from '@parley/contracts/rpc';
import { freePort } from '@parley/testing';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { Controller, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, type MicroserviceOptions } from '@nestjs/microservices';
import { service as healthService } from 'grpc-health-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GrpcServer } from './grpc-server.js';
import { InProcessServer } from './in-process-server.js';
import { RpcErrorFilter } from './rpc-error.filter.js';

const TOKEN = 'token of the services of this test';

function controllerOf(answer: CloseSessions): Type {
  @Controller()
  class GatewayNodeController {
    @GrpcMethod(gatewayV1.GATEWAY_NODE_SERVICE_NAME)
    closeSessions(request: gatewayV1.CloseSessionsRequest): Promise<gatewayV1.CloseSessionsResponse> {
      return answer(request);
    }
  }
  return GatewayNodeController;
}

async function listen(controller: Type, options: MicroserviceOptions): Promise<INestMicroservice> {
  const module = { module: class Root {}, controllers: [controller] };
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, { ...options, logger: false });
  app.useGlobalFilters(new RpcErrorFilter());
  await app.listen();
  return app;
}

async function listenOnGrpc(answer: CloseSessions) {
  const port = await freePort();
  const services = [gatewayV1.GatewayNodeServiceService];
  const server = new GrpcServer({ host: '127.0.0.1', port, serviceToken: TOKEN, services });
  const app = await listen(controllerOf(answer), server.nestOptions());
  return { app, server, address: `127.0.0.1:${port}` };
}

rpcClientsContract('in process', async (answer) => {
  const clients = new InProcessBus();
  const app = await listen(controllerOf(answer), { strategy: new InProcessServer(clients) });
  return { clients, dispose: () => app.close() };
});

for (const callStream of [true, false])
  rpcClientsContract(callStream ? 'gRPC, call stream' : 'gRPC, unary', async (answer) => {
    const { app, address } = await listenOnGrpc(answer);
    const addresses = new StaticAddresses({ 'api-gateway': address });
    const clients = new GrpcClients({ addresses, serviceToken: TOKEN, callStream });
    return {
      clients,
      async dispose() {
        clients.close();
        await app.close();
      },
    };
  });

describe('a gRPC server', () => {
  let served: Awaited<ReturnType<typeof listenOnGrpc>>;
  let client: Client;
  let handled = 0;

  const { closeSessions } = gatewayV1.GatewayNodeServiceService;
  const call = (metadata: Metadata) =>
    new Promise<unknown>((resolve, reject) =>
      client.makeUnaryRequest(
        closeSessions.path,
        closeSessions.requestSerialize,
        closeSessions.responseDeserialize,
        { sessionIds: [], userIds: [], code: '', action: '' },
        metadata,
        (error, answer) => (error === null ? resolve(answer) : reject(error)),
      ),
    );
  const health = () =>
    new Promise<unknown>((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = healthService['Check'] as never as typeof closeSessions;
      const check = [{ service: 'parley.gateway.v1.GatewayNodeService' }, new Metadata()] as const;
      client.makeUnaryRequest(
        path,
        requestSerialize as never,
        responseDeserialize as never,
        ...check,
        (error, answer) => (error === null ? resolve(answer) : reject(error)),
      );
    });
  const codeOf = (promise: Promise<unknown>) => promise.then(String, (error: ServiceError) => status[error.code]);

  beforeAll(async () => {
    served = await listenOnGrpc(async () => {
      handled += 1;
      return { closed: 0 };
    });
    client = new Client(served.address, credentials.createInsecure());
  });

  afterAll(async () => {
    client.close();
    await served.app.close();
  });

  it.each([
    ['no credential', new Metadata()],
    ['an empty one', credentialOf('')],
    ['a wrong one', credentialOf(`${TOKEN}.`)],
  ])('refuses a call with %s as UNAUTHENTICATED, before its handler', async (_, metadata) => {
    expect(await codeOf(call(metadata))).toBe('UNAUTHENTICATED');
    expect(handled).toBe(0);
  });

  it('lets a call with the credential in', async () => {
    expect(await call(credentialOf(TOKEN))).toEqual({ closed: 0 });
  });

  it('tells its health to everybody', async () => {
    expect(await health()).toMatchObject({ status: 'NOT_SERVING' });
    served.server.serving();
    expect(await health()).toMatchObject({ status: 'SERVING' });
  });

  it('makes of a wrong credential server.unavailable at the caller, and says why to the operator', async () => {
    const failures: unknown[] = [];
    const addresses = new StaticAddresses({ 'api-gateway': served.address });
    const clients = new GrpcClients({
      addresses,
      serviceToken: 'the token of another deployment',
      observer: { failed: (failure) => failures.push(failure) },
    });
    const answer = clients.of(gatewayV1.GatewayNodeServiceService).reloadPolicies({ version: 1 });
    await expect(answer).rejects.toMatchObject({ code: 'server.unavailable' });
    expect(failures).toMatchObject([{ code: 'UNAUTHENTICATED', address: served.address }]);
    clients.close();
  });
});

function credentialOf(token: string): Metadata {
  const metadata = new Metadata();
  metadata.set(SERVICE_TOKEN_KEY, token);
  return metadata;
}
