import type { DiskObjectStorage } from '@parley/adapter-object-storage';
import { list, port } from '@parley/platform';
import { registerObjectRoutes } from '@parley/service-file';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';

export const objectDoorSettings = {
  PARLEY_OBJECTS_PORT: port(8081),
  PARLEY_OBJECTS_HOST: z.string().default('0.0.0.0'),
  /** Where clients reach that port; signed URLs begin with it. Derived from the port when not set. */
  PARLEY_OBJECTS_URL: z.url({ error: 'must be a URL such as https://files.example.org' }).optional(),
  /** The same as at the gateway: browsers upload from the pages that they chat on. */
  PARLEY_ALLOWED_ORIGINS: list(['*']),
};

type ObjectDoorSettings = z.output<z.ZodObject<typeof objectDoorSettings>>;

@Module({})
class ObjectDoor {}

/** Serves signed uploads and downloads of the objects on this disk. Answers how to close it. */
export async function openObjectDoor(
  settings: ObjectDoorSettings,
  storage: DiskObjectStorage,
): Promise<() => Promise<void>> {
  const options = { logger: false, abortOnError: false } as const;
  const app = await NestFactory.create<NestFastifyApplication>(ObjectDoor, new FastifyAdapter(), options);
  const origins = settings.PARLEY_ALLOWED_ORIGINS;
  app.enableCors({ origin: origins.includes('*') ? true : origins });
  registerObjectRoutes(app.getHttpAdapter().getInstance(), storage);
  await app.listen(settings.PARLEY_OBJECTS_PORT, settings.PARLEY_OBJECTS_HOST);
  return () => app.close();
}
