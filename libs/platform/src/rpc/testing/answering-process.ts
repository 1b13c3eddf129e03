import 'reflect-metadata';
import { ConsulRegistry } from '@parley/adapter-consul';
import { gatewayV1 } from '@parley/contracts/rpc';
import { Controller } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, type MicroserviceOptions } from '@nestjs/microservices';
import { GrpcServer } from '../grpc-server.js';
import { RpcErrorFilter } from '../rpc-error.filter.js';

/** How one of several processes that answer the same calls is started. */
export interface AnsweringProcess {
  /** What it answers, so that a test knows who did. */
  number: number;
  port: number;
  serviceToken: string;
  /** How long it takes for each call. */
  delayMs: number;
  consul?: { url: string; prefix: string; instance: string };
}

/** A gateway node of which only `closeSessions` works. Asked by its parent for `count`, it says how many calls it has begun. */
export async function run(text: string): Promise<void> {
  const { number, port, serviceToken, delayMs, consul } = JSON.parse(text) as AnsweringProcess;
  let begun = 0;

  @Controller()
  class GatewayNodeController {
    @GrpcMethod(gatewayV1.GATEWAY_NODE_SERVICE_NAME)
    async closeSessions(): Promise<gatewayV1.CloseSessionsResponse> {
      begun += 1;
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      return { closed: number };
    }
  }

  const services = [gatewayV1.GatewayNodeServiceService];
  const server = new GrpcServer({ host: '127.0.0.1', port, serviceToken, services });
  const module = { module: class Root {}, controllers: [GatewayNodeController] };
  const options = { ...server.nestOptions(), logger: false as const };
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, options);
  app.useGlobalFilters(new RpcErrorFilter());
  await app.listen();
  server.serving();
  if (consul !== undefined)
    await new ConsulRegistry(consul).register({
      service: 'api-gateway',
      instance: consul.instance,
      address: `127.0.0.1:${port}`,
      version: '1',
      zone: '',
      adminUrl: '',
    });
  process.on('message', (question) => {
    if (question === 'count') process.send?.(begun);
    if (question === 'end') {
      server.draining();
      void app.close().then(() => process.send?.('ended'));
    }
  });
  process.send?.('ready');
}
