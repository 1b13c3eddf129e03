import type { FollowedAddresses } from '@parley/adapter-consul';
import type { EventLog } from '@parley/contracts';
import type { ServiceDefinition } from '@parley/contracts/rpc';
import type { DynamicModule } from '@nestjs/common';
import type { z } from 'zod';
import type { ServiceName, ServiceProcessSettings } from '../config/service-settings.js';
import type { OpenEngines } from './open-engines.js';

/** What a composition root builds a service with. */
export interface ServiceHost {
  /** Opens engines, asks after them, and closes them when the service has stopped. */
  engines: OpenEngines;
  /** Name of this process among all; new with every start. */
  instance: string;
  /** Who else is there. */
  addresses: FollowedAddresses;
}

export interface ServiceParts {
  module: DynamicModule;
  log: EventLog;
}

/** One service as a process of the distributed profile. */
export interface ServiceProcess<S extends z.ZodRawShape> {
  name: ServiceName;
  /** Generated service constants of what it answers. */
  answers: readonly ServiceDefinition[];
  /** Its own settings and those of the engines it needs, besides those of every process. */
  settings: S;
  /** Chooses the adapters. */
  compose(settings: z.output<z.ZodObject<S>> & ServiceProcessSettings, host: ServiceHost): Promise<ServiceParts>;
}
