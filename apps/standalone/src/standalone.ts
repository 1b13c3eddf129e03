import { InProcessBus } from '@parley/adapter-in-process';
import { Health, InProcessServer, openAdminServer } from '@parley/platform';
import { configureGateway, drainSockets, gatewayHttpAdapter, openDiagnosticListener } from '@parley/service-gateway';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import type { StandaloneSettings } from './settings.js';
import { StandaloneModule } from './standalone.module.js';
import { openStores } from './stores.js';

export interface Standalone {
  app: NestFastifyApplication;
  /** Lets sockets go, finishes what was begun, closes the engines. */
  stop(): Promise<void>;
}

/** Starts all services; when it resolves, the ports are open and everything is ready. */
export async function startStandalone(settings: StandaloneSettings, version: string, onFatal: (error: Error) => void): Promise<Standalone> {
  const health = new Health();
  const stores = await openStores(settings, onFatal);
  const bus = new InProcessBus();
  const app = await NestFactory.create<NestFastifyApplication>(StandaloneModule.with(settings, stores, bus), gatewayHttpAdapter(settings), {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.connectMicroservice({ strategy: new InProcessServer(bus) }, { inheritAppConfig: true });
  await configureGateway(app, settings, version);
  // Services may call each other while they start: the bus is bound before the first lifecycle hook runs.
  await app.startAllMicroservices();
  await app.init();
  health.add('message-store', async () => void (await stores.commits.unpublished(1)));
  const admin = await openAdminServer(health, settings.PARLEY_ADMIN_PORT, settings.PARLEY_ADMIN_HOST);
  const diagnostic = await openDiagnosticListener(settings);
  await app.listen(settings.PARLEY_HTTP_PORT, settings.PARLEY_HTTP_HOST);
  health.serving();
  return {
    app,
    async stop() {
      health.draining();
      drainSockets(app);
      await diagnostic?.close();
      await app.close();
      await stores.close();
      await admin.close();
    },
  };
}
