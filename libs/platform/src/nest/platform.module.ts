import { Clock, IdGenerator } from '@parley/kernel';
import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { SystemClock, UuidGenerator } from './system.js';

/**
 * What every service may ask for: time, ids, the event log and calls to other services. The composition root decides which
 * event log and which transport (`EventLog` and `RpcClients` providers).
 */
@Global()
@Module({})
export class PlatformModule {
  static with(providers: Provider[]): DynamicModule {
    const all: Provider[] = [
      { provide: Clock, useClass: SystemClock },
      { provide: IdGenerator, useClass: UuidGenerator },
      ...providers,
    ];
    return {
      module: PlatformModule,
      providers: all,
      exports: all.map((provider) => ('provide' in provider ? provider.provide : provider)),
    };
  }
}
