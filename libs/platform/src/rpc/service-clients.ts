import { GrpcClients, type ServiceAddresses } from '@parley/adapter-grpc';
import { Logger } from '@nestjs/common';
import { type ServiceProcessSettings, serviceTokenOf } from '../config/service-settings.js';
import { quietly } from '../process/quietly.js';
import { CallMetrics } from './call-metrics.js';
import { grpcTls } from './grpc-tls.js';

/** Calls to the other services over gRPC, counted. Failures on the way are logged here and nowhere else. */
export function serviceClients(settings: ServiceProcessSettings, addresses: ServiceAddresses): GrpcClients {
  const logger = new Logger('calls');
  const tell = quietly((line) => logger.warn(line));
  const tls = grpcTls(settings);
  const metrics = new CallMetrics();
  const clients = new GrpcClients({
    addresses,
    serviceToken: serviceTokenOf(settings),
    zone: settings.PARLEY_ZONE,
    ...(tls === undefined ? {} : { credentials: tls.client }),
    observer: {
      ended: (...call) => metrics.ended(...call),
      retried: (service) => metrics.retried(service),
      failed: ({ method, address, code, details }) =>
        tell(`${address} ${code}`, `${method} at ${address} failed: ${code} ${details}`),
    },
  });
  metrics.follow(clients);
  return clients;
}
