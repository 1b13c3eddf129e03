import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Controller, type DynamicModule, Get, HttpCode, Module, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { Health } from './health.js';
import { measureHealth } from './health-metrics.js';

@Controller()
class HealthController {
  constructor(private readonly health: Health) {}

  @Get('healthz')
  @HttpCode(200)
  alive(): { status: string } {
    return { status: 'alive' };
  }

  @Get('readyz')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const readiness = await this.health.readiness();
    void reply.status(readiness.ready ? 200 : 503);
    return readiness;
  }
}

@Module({})
class AdminModule {
  static with(health: Health): DynamicModule {
    return {
      module: AdminModule,
      imports: [PrometheusModule.register({ path: '/metrics', defaultMetrics: { enabled: true } })],
      controllers: [HealthController],
      providers: [{ provide: Health, useValue: health }],
    };
  }
}

/**
 * `/healthz`, `/readyz` and `/metrics` on a port of their own, never on the public one. It sets no logger: that would be the logger of
 * the whole process.
 */
export async function openAdminServer(health: Health, port: number, host: string): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(AdminModule.with(health), new FastifyAdapter());
  measureHealth(health);
  await app.listen(port, host);
  return app;
}
