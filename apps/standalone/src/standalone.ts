import { fileURLToPath } from 'node:url';
import { InProcessBus } from '@parley/adapter-in-process';
import { gauges, Health, InProcessServer, openAdminServer, useAppLogger } from '@parley/platform';
import {
  configureGateway,
  drainSockets,
  gatewayHttpAdapter,
  openDiagnosticListener,
  PolicyReloader,
} from '@parley/service-gateway';
import { registerObjectRoutes } from '@parley/service-file';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { StandaloneSettings } from './settings.js';
import { StandaloneModule } from './standalone.module.js';
import { openStores } from './stores.js';

const WEB_CLIENT = fileURLToPath(new URL('../../web/dist', import.meta.url));

export interface Standalone {
  app: NestFastifyApplication;
  /** Lets sockets go, finishes what was begun, closes the engines. */
  stop(): Promise<void>;
}

/** Starts all services; when it resolves, the ports are open and everything is ready. */
export async function startStandalone(
  settings: StandaloneSettings,
  version: string,
  onFatal: (error: Error) => void,
): Promise<Standalone> {
  const health = new Health();
  const stores = await openStores(settings, onFatal);
  const bus = new InProcessBus();
  const app = await NestFactory.create<NestFastifyApplication>(
    StandaloneModule.with(settings, stores, bus),
    gatewayHttpAdapter(settings),
    {
      bufferLogs: true,
      abortOnError: false,
    },
  );
  await useAppLogger(app);
  await configureGateway(app, settings, { version, webDirectory: WEB_CLIENT });
  // Only now: Nest gives the handlers of calls the filters that are there when they are connected.
  app.connectMicroservice({ strategy: new InProcessServer(bus) }, { inheritAppConfig: true });
  registerObjectRoutes(app.getHttpAdapter().getInstance(), stores.objects);
  // Services may call each other while they start: the bus is bound before the first lifecycle hook runs.
  await app.startAllMicroservices();
  await app.init();
  gauges('parley_event_log_lag', 'Records not yet handled', ['group', 'topic'], async () =>
    (await stores.log.lag()).map(({ group, topic, records }) => ({ labels: { group, topic }, value: records })),
  );
  health.add('policies', async () => {
    if (!app.get(PolicyReloader, { strict: false }).isLoaded) throw new Error('not loaded yet');
  });
  health.add('message-store', async () => void (await stores.commits.unpublished(1)));
  const admin = await openAdminServer(health, settings.PARLEY_ADMIN_PORT, settings.PARLEY_ADMIN_HOST);
  const diagnostic = await openDiagnosticListener(settings);
  await app.listen(settings.PARLEY_HTTP_PORT, settings.PARLEY_HTTP_HOST);
  health.serving();
  return {
    app,
    async stop() {
      health.draining();
      await drainSockets(app);
      await diagnostic?.close();
      await app.close();
      await stores.close();
      await admin.close();
    },
  };
}
