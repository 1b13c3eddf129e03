import { GrpcClients, StaticAddresses } from '@parley/adapter-grpc';
import { Logger } from '@nestjs/common';
import { addressesOf, type ServiceProcessSettings, serviceTokenOf } from '../config/service-settings.js';

/** A service that is down fails every call: one line for it in this time is enough. */
const QUIET_MS = 5000;

/** Calls to the other services over gRPC, by the addresses in the settings. Failures on the way are logged here and nowhere else. */
export function serviceClients(settings: ServiceProcessSettings): GrpcClients {
  const logger = new Logger('calls');
  const told = new Map<string, number>();
  return new GrpcClients({
    addresses: new StaticAddresses(addressesOf(settings)),
    serviceToken: serviceTokenOf(settings),
    observer: {
      failed: ({ method, address, code, details }) => {
        const now = performance.now();
        const key = `${address} ${code}`;
        if (now - (told.get(key) ?? -QUIET_MS) < QUIET_MS) return;
        told.set(key, now);
        logger.warn(`${method} at ${address} failed: ${code} ${details}`);
      },
    },
  });
}
