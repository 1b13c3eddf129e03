import { GrpcClients, StaticAddresses, serviceOf } from '@parley/adapter-grpc';
import { EventLog } from '@parley/contracts';
import { RpcClients, type ServiceDefinition } from '@parley/contracts/rpc';
import { freePort } from '@parley/testing';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { PlatformModule } from '../nest/platform.module.js';
import { GrpcServer } from '../rpc/grpc-server.js';
import { RpcErrorFilter } from '../rpc/rpc-error.filter.js';

const serviceToken = 'the services of one component test';

export interface ServiceOverGrpc {
  /** Calls the service as others do. */
  rpc: RpcClients;
  /** Where it listens. */
  address: string;
  serviceToken: string;
  stop(): Promise<void>;
}

export interface ServiceUnderTest {
  module: DynamicModule;
  answers: readonly [ServiceDefinition, ...ServiceDefinition[]];
  log: EventLog;
  /** The services that it calls. */
  neighbours: RpcClients;
}

/** One service behind a real gRPC server, as its process would start it. Engines stay the caller's: close them after `stop`. */
export async function startServiceOverGrpc(service: ServiceUnderTest): Promise<ServiceOverGrpc> {
  const { module, answers, log, neighbours } = service;
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const server = new GrpcServer({ host: '127.0.0.1', port, serviceToken, services: answers });
  const platform = PlatformModule.with([
    { provide: EventLog, useValue: log },
    { provide: RpcClients, useValue: neighbours },
  ]);
  const root: DynamicModule = { module: class ServiceRoot {}, imports: [platform, module] };
  const options = { ...server.nestOptions(), logger: false as const };
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(root, options);
  app.useGlobalFilters(new RpcErrorFilter());
  await app.listen();
  const [method] = Object.values(answers[0]);
  const rpc = new GrpcClients({
    addresses: new StaticAddresses({ [serviceOf(method?.path ?? '')]: address }),
    serviceToken,
  });
  return {
    rpc,
    address,
    serviceToken,
    async stop() {
      rpc.close();
      await app.close();
    },
  };
}
