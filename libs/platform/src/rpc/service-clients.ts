import { GrpcClients, type ServiceAddresses } from '@parley/adapter-grpc';
import { Logger } from '@nestjs/common';
import { type ServiceProcessSettings, serviceTokenOf } from '../config/service-settings.js';
import { quietly } from '../process/quietly.js';

/** Calls to the other services over gRPC. Failures on the way are logged here and nowhere else. */
export function serviceClients(settings: ServiceProcessSettings, addresses: ServiceAddresses): GrpcClients {
  const logger = new Logger('calls');
  const tell = quietly((line) => logger.warn(line));
  return new GrpcClients({
    addresses,
    serviceToken: serviceTokenOf(settings),
    zone: settings.PARLEY_ZONE,
    observer: {
      failed: ({ method, address, code, details }) =>
        tell(`${address} ${code}`, `${method} at ${address} failed: ${code} ${details}`),
    },
  });
}
