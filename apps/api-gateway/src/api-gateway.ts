import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gatewayV1 } from '@parley/contracts/rpc';
import { enterCluster, type Running, useAppLogger } from '@parley/platform';
import {
  configureGateway,
  drainSockets,
  gatewayHttpAdapter,
  openDiagnosticListener,
  PolicyReloader,
} from '@parley/service-gateway';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiGatewayModule } from './api-gateway.module.js';
import { apiGatewaySettings } from './settings.js';

const WEB_CLIENT = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** REST and sockets for everybody, gRPC for the other services. */
export async function startApiGateway(env: NodeJS.ProcessEnv): Promise<Running> {
  const settings = apiGatewaySettings(env);
  const here = await enterCluster('api-gateway', settings, [gatewayV1.GatewayNodeServiceService]);
  const options = { bufferLogs: true, abortOnError: false };
  // Without it each gateway limits by itself.
  const redis = await here.engines.redis(settings, { vital: false });
  const module = ApiGatewayModule.with(settings, here, redis);
  const app = await NestFactory.create<NestFastifyApplication>(module, gatewayHttpAdapter(settings), options);
  await useAppLogger(app);
  await configureGateway(app, settings, {
    version: version(),
    webDirectory: WEB_CLIENT,
    storeUrl: settings.PARLEY_S3_PUBLIC_URL,
  });
  // Only now: Nest gives the handlers of calls the filters that are there when they are connected.
  app.connectMicroservice(here.server.nestOptions(), { inheritAppConfig: true });
  await app.init();
  await app.startAllMicroservices();
  here.health.add('policies', async () => {
    if (!app.get(PolicyReloader, { strict: false }).isLoaded) throw new Error('identity has not answered yet');
  });
  here.health.add('door', async () => {
    if (!app.getHttpServer().listening) throw new Error('not open yet');
  });
  const diagnostic = await openDiagnosticListener(settings);
  // ORDER: no socket before the others know of this node, or a revocation would not be brought to it.
  await here.open();
  await app.listen(settings.PARLEY_HTTP_PORT, settings.PARLEY_HTTP_HOST);
  process.stdout.write(`Clients come in at http://localhost:${settings.PARLEY_HTTP_PORT}\n`);
  return {
    async stop() {
      await here.drain();
      await drainSockets(app);
      await diagnostic?.close();
      await app.close();
      await here.leave();
    },
  };
}

function version(): string {
  return (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}
