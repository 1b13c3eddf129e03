import { MAX_MESSAGE_BYTES } from '@parley/adapter-grpc';
import type { ServiceDefinition } from '@parley/contracts/rpc';
import { logVerbosity, type Server, type ServerOptions, setLogVerbosity } from '@grpc/grpc-js';
import { type GrpcOptions, Transport } from '@nestjs/microservices';
import { HealthImplementation } from 'grpc-health-check';
import { requireServiceToken } from './service-credential.js';

export interface GrpcServerOptions {
  host: string;
  port: number;
  serviceToken: string;
  /** Generated service constants of what is served. */
  services: readonly ServiceDefinition[];
}

// The library writes to standard error past the log. What matters comes to us as errors; GRPC_VERBOSITY brings the rest back.
if (process.env['GRPC_VERBOSITY'] === undefined) setLogVerbosity(logVerbosity.NONE);

/** How long calls in progress may take when the process ends. */
const FINISH_MS = 8000;

/** One gRPC server as Nest wants it described, with grpc.health.v1 and the service credential. Codecs are the generated ones: no .proto at run time. */
export class GrpcServer {
  private readonly health: HealthImplementation;
  private readonly names: string[];
  private server: Server | undefined;

  constructor(private readonly options: GrpcServerOptions) {
    this.names = options.services.map(fullName);
    this.health = new HealthImplementation(
      Object.fromEntries(['', ...this.names].map((name) => [name, 'NOT_SERVING' as const])),
    );
  }

  /** For `NestFactory.createMicroservice` or `connectMicroservice`. */
  nestOptions(): GrpcOptions {
    const { host, port, serviceToken, services } = this.options;
    const channelOptions: ServerOptions = {
      interceptors: [requireServiceToken(serviceToken)],
      'grpc.keepalive_time_ms': 30_000,
      'grpc.keepalive_timeout_ms': 10_000,
    };
    return {
      transport: Transport.GRPC,
      options: {
        url: `${host.includes(':') ? `[${host}]` : host}:${port}`,
        package: [...new Set(this.names.map((name) => name.slice(0, name.lastIndexOf('.'))))],
        packageDefinition: Object.fromEntries(services.map((service) => [fullName(service), underBothNames(service)])),
        maxReceiveMessageLength: MAX_MESSAGE_BYTES,
        maxSendMessageLength: MAX_MESSAGE_BYTES,
        channelOptions,
        gracefulShutdown: true,
        onLoadPackageDefinition: (_definition: unknown, server: Server) => {
          this.server = server;
          this.health.addToServer(server);
        },
      },
    };
  }

  serving(): void {
    this.tell('SERVING');
  }

  /** Balancers look elsewhere from now on; calls go on to be answered. What has not ended by itself a while later is cut off. */
  draining(): void {
    this.tell('NOT_SERVING');
    setTimeout(() => this.server?.forceShutdown(), FINISH_MS).unref();
  }

  private tell(status: 'SERVING' | 'NOT_SERVING'): void {
    for (const name of ['', ...this.names]) this.health.setStatus(name, status);
  }
}

/** `parley.message.v1.MessageService`, from any of its methods' paths. */
function fullName(service: ServiceDefinition): string {
  const [method] = Object.values(service);
  if (method === undefined) throw new Error('A service without methods cannot be served.');
  return method.path.slice(1, method.path.lastIndexOf('/'));
}

/** Handlers are found by `appendBatch` (generated decorators) as well as by `AppendBatch` (`@GrpcMethod(service)`). */
function underBothNames(service: ServiceDefinition): Record<string, object> {
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => [
      name,
      { ...method, originalName: method.path.slice(method.path.lastIndexOf('/') + 1) },
    ]),
  );
}
