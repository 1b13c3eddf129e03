import { EventLog } from '@parley/contracts';
import { RpcClients } from '@parley/contracts/rpc';
import type { DynamicModule, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { z } from 'zod';
import { readServiceSettings, type ServiceProcessSettings } from '../config/service-settings.js';
import { PlatformModule } from '../nest/platform.module.js';
import { loggingModule, useAppLogger } from '../ops/logging.js';
import type { GrpcServer } from '../rpc/grpc-server.js';
import { RpcErrorFilter } from '../rpc/rpc-error.filter.js';
import { enterCluster } from './cluster-process.js';
import { type Running, runProcess } from './run-process.js';
import type { ServiceParts, ServiceProcess } from './service-process.js';

/** One service as a process: gRPC with health and credential, the registry, the admin port, logs, and an orderly end. */
export function runService<S extends z.ZodRawShape>(service: ServiceProcess<S>, env: NodeJS.ProcessEnv): Promise<void> {
  return runProcess(() => startService(service, env));
}

async function startService<S extends z.ZodRawShape>(
  service: ServiceProcess<S>,
  env: NodeJS.ProcessEnv,
): Promise<Running> {
  const settings = readServiceSettings(service.name, service.settings, env);
  const here = await enterCluster(service.name, settings, service.answers);
  const parts = await service.compose(settings, here);
  here.watch(parts.log);
  const app = await listen(settings, parts, here.rpc, here.server);
  await here.open();
  return {
    async stop() {
      await here.drain();
      await app.close();
      await here.leave();
    },
  };
}

async function listen(
  settings: ServiceProcessSettings,
  parts: ServiceParts,
  rpc: RpcClients,
  server: GrpcServer,
): Promise<INestMicroservice> {
  const providers = [
    { provide: EventLog, useValue: parts.log },
    { provide: RpcClients, useValue: rpc },
  ];
  const root: DynamicModule = {
    module: class ServiceRoot {},
    imports: [
      loggingModule(settings.PARLEY_LOG_LEVEL, process.stdout.isTTY),
      PlatformModule.with(providers),
      parts.module,
    ],
  };
  const options = { ...server.nestOptions(), bufferLogs: true, abortOnError: false };
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(root, options);
  await useAppLogger(app);
  app.useGlobalFilters(new RpcErrorFilter());
  await app.listen();
  return app;
}
