import { EventLog } from '@parley/contracts';
import { RpcClients, type ServiceDefinition } from '@parley/contracts/rpc';
import type { DynamicModule, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { z } from 'zod';
import {
  type ServiceName,
  serviceProcessSettings,
  type ServiceProcessSettings,
  serviceTokenOf,
} from '../config/service-settings.js';
import { readSettings } from '../config/settings.js';
import { PlatformModule } from '../nest/platform.module.js';
import { openAdminServer } from '../ops/admin-server.js';
import { Health, type HealthCheck } from '../ops/health.js';
import { loggingModule, useAppLogger } from '../ops/logging.js';
import { gauges } from '../ops/metrics.js';
import { GrpcServer } from '../rpc/grpc-server.js';
import { RpcErrorFilter } from '../rpc/rpc-error.filter.js';
import { serviceClients } from '../rpc/service-clients.js';
import { type Running, runProcess } from './run-process.js';

/** A service's parts, with the adapters that its composition root has chosen. */
export interface ServiceParts {
  module: DynamicModule;
  log: EventLog;
  /** For readiness, by the name of what is asked. */
  checks?: Record<string, HealthCheck>;
  /** What the process opens besides gRPC, when the module has started. Answers how to close it. */
  open?: () => Promise<() => Promise<void>>;
  /** Closes the engines, when everything that uses them has stopped. */
  close(): Promise<void>;
}

export interface ServiceProcess<S extends z.ZodRawShape> {
  name: ServiceName;
  /** Generated service constants of what it answers. */
  answers: readonly ServiceDefinition[];
  /** Its own settings, besides those of every process. */
  settings: S;
  compose(
    settings: z.output<z.ZodObject<S>> & ServiceProcessSettings,
    onFatal: (error: Error) => void,
  ): Promise<ServiceParts>;
}

/** One service as a process: gRPC with health and credential, the admin port, logs, and an orderly end. */
export function runService<S extends z.ZodRawShape>(service: ServiceProcess<S>, env: NodeJS.ProcessEnv): Promise<void> {
  return runProcess((onFatal) => startService(service, env, onFatal));
}

async function startService<S extends z.ZodRawShape>(
  service: ServiceProcess<S>,
  env: NodeJS.ProcessEnv,
  onFatal: (error: Error) => void,
): Promise<Running> {
  const startedAt = performance.now();
  const settings = settingsOf(service, env);
  const { PARLEY_GRPC_HOST: host, PARLEY_GRPC_PORT: port } = settings;
  const server = new GrpcServer({ host, port, serviceToken: serviceTokenOf(settings), services: service.answers });
  const health = new Health();
  const rpc = serviceClients(settings);
  const parts = await service.compose(settings, onFatal);
  for (const [name, check] of Object.entries(parts.checks ?? {})) health.add(name, check);
  gauges('parley_event_log_lag', 'Records not yet handled', ['group', 'topic'], async () =>
    (await parts.log.lag()).map(({ group, topic, records }) => ({ labels: { group, topic }, value: records })),
  );
  const app = await listen(settings, parts, rpc, server);
  const closeDoor = await parts.open?.();
  const admin = await openAdminServer(health, settings.PARLEY_ADMIN_PORT, settings.PARLEY_ADMIN_HOST);
  health.serving();
  server.serving();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`Parley ${service.name} is ready (${seconds} s): gRPC at ${host}:${port}\n`);
  return {
    async stop() {
      health.draining();
      server.draining();
      await closeDoor?.();
      await app.close();
      rpc.close();
      await parts.close();
      await admin.close();
    },
  };
}

function settingsOf<S extends z.ZodRawShape>(
  service: ServiceProcess<S>,
  env: NodeJS.ProcessEnv,
): z.output<z.ZodObject<S>> & ServiceProcessSettings {
  // Read as one, so that all wrong ones are told at once; TypeScript cannot see through the merge of an open shape.
  const shape = { ...service.settings, ...serviceProcessSettings(service.name) };
  return readSettings(shape, env) as z.output<z.ZodObject<S>> & ServiceProcessSettings;
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
