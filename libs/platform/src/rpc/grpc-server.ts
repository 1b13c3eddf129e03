import { MAX_MESSAGE_BYTES } from '@parley/adapter-grpc';
import { callStreamV1, type ServiceDefinition } from '@parley/contracts/rpc';
import {
  logVerbosity,
  type Server,
  type ServerCredentials,
  type ServerOptions,
  setLogVerbosity,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { type GrpcOptions, Transport } from '@nestjs/microservices';
import { HealthImplementation } from 'grpc-health-check';
import { CallStreams } from './call-streams.js';
import { ServedMethods } from './served-methods.js';
import { requireServiceToken } from './service-credential.js';

export interface GrpcServerOptions {
  host: string;
  port: number;
  serviceToken: string;
  /** Generated service constants of what is served. */
  services: readonly ServiceDefinition[];
  /** Insecure when not given. */
  credentials?: ServerCredentials;
}

// The library writes to standard error past the log. What matters comes to us as errors; GRPC_VERBOSITY brings the rest back.
if (process.env['GRPC_VERBOSITY'] === undefined) setLogVerbosity(logVerbosity.NONE);

/** How long calls in progress may take when the process ends. */
const FINISH_MS = 8000;

/**
 * One gRPC server as Nest wants it described, with grpc.health.v1, the service credential, and the stream by which other processes bring most of
 * their calls. Codecs are the generated ones: no .proto at run time.
 */
export class GrpcServer {
  private readonly health: HealthImplementation;
  private readonly names: string[];
  private readonly served = new ServedMethods();
  private readonly streams = new CallStreams(this.served);
  private server: Server | undefined;

  constructor(private readonly options: GrpcServerOptions) {
    this.names = options.services.map(fullName);
    this.health = new HealthImplementation(
      Object.fromEntries(['', ...this.names].map((name) => [name, 'NOT_SERVING' as const])),
    );
  }

  /** For `NestFactory.createMicroservice` or `connectMicroservice`. */
  nestOptions(): GrpcOptions {
    const { host, port, serviceToken, services, credentials } = this.options;
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
        ...(credentials === undefined ? {} : { credentials }),
        gracefulShutdown: true,
        onLoadPackageDefinition: (_definition: unknown, server: Server) => this.prepare(server),
      },
    };
  }

  /** Calls in progress that came by streams. */
  get depth(): number {
    return this.streams.depth;
  }

  serving(): void {
    this.tell('SERVING');
  }

  /** Balancers look elsewhere from now on; calls go on to be answered. What has not ended by itself a while later is cut off. */
  draining(): void {
    this.tell('NOT_SERVING');
    this.streams.draining();
    setTimeout(() => this.server?.forceShutdown(), FINISH_MS).unref();
  }

  /** Before Nest adds its services to the server. */
  private prepare(server: Server): void {
    this.server = server;
    this.health.addToServer(server);
    server.addService(callStreamV1.CallStreamServiceService, { open: this.streams.open });
    const addService = server.addService.bind(server);
    server.addService = (definition, implementation) =>
      addService(definition, this.served.add(definition as never, implementation as UntypedServiceImplementation));
    // Streams last as long as their processes: an orderly end waits for them, so they have to be told of it.
    const tryShutdown = server.tryShutdown.bind(server);
    server.tryShutdown = (callback) => {
      this.streams.end();
      tryShutdown(callback);
    };
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
