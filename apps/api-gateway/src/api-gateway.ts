import { readFileSync } from 'node:fs';
import { gatewayV1 } from '@parley/contracts/rpc';
import {
  GrpcServer,
  Health,
  openAdminServer,
  openEmbeddedFolder,
  type Running,
  serviceClients,
  serviceTokenOf,
  useAppLogger,
} from '@parley/platform';
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

/** REST and sockets for everybody, gRPC for the other services. */
export async function startApiGateway(env: NodeJS.ProcessEnv): Promise<Running> {
  const settings = apiGatewaySettings(env);
  const server = new GrpcServer({
    host: settings.PARLEY_GRPC_HOST,
    port: settings.PARLEY_GRPC_PORT,
    serviceToken: serviceTokenOf(settings),
    services: [gatewayV1.GatewayNodeServiceService],
  });
  const health = new Health();
  const rpc = serviceClients(settings);
  const options = { bufferLogs: true, abortOnError: false };
  const { log, close } = await openEmbeddedFolder(settings.PARLEY_DATA_DIR, 'api-gateway');
  const module = ApiGatewayModule.with(settings, rpc, log);
  const app = await NestFactory.create<NestFastifyApplication>(module, gatewayHttpAdapter(settings), options);
  await useAppLogger(app);
  await configureGateway(app, settings, version());
  // Only now: Nest gives the handlers of calls the filters that are there when they are connected.
  app.connectMicroservice(server.nestOptions(), { inheritAppConfig: true });
  await app.init();
  await app.startAllMicroservices();
  health.add('policies', async () => {
    if (!app.get(PolicyReloader, { strict: false }).isLoaded) throw new Error('identity has not answered yet');
  });
  const admin = await openAdminServer(health, settings.PARLEY_ADMIN_PORT, settings.PARLEY_ADMIN_HOST);
  const diagnostic = await openDiagnosticListener(settings);
  await app.listen(settings.PARLEY_HTTP_PORT, settings.PARLEY_HTTP_HOST);
  health.serving();
  server.serving();
  process.stdout.write(`Parley api-gateway is ready: http://localhost:${settings.PARLEY_HTTP_PORT}\n`);
  return {
    async stop() {
      health.draining();
      server.draining();
      await drainSockets(app);
      await diagnostic?.close();
      await app.close();
      rpc.close();
      await close();
      await admin.close();
    },
  };
}

function version(): string {
  return (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}
