import './idle-timers.js';
import { type ISocketFactoryArgs, Kafka, type LogEntry, logLevel } from 'kafkajs';
import { connect as connectTcp, type Socket } from 'node:net';
import { GIVEN_UP, type KafkaLogger } from './kafka-logger.js';

export interface KafkaEndpoint {
  /** `host:port`; the rest of the cluster is learned from there. */
  brokers: readonly string[];
  /** Name of this process in the brokers' logs and quotas. */
  clientId: string;
  logger: KafkaLogger;
  /** What kafkajs has to say, over all clients of this process. */
  tell: (entry: LogEntry) => void;
}

const CONNECT_MS = 2000;
/** A broker that is stopped takes connections and requests and answers none. */
const REQUEST_MS = 5000;
const KEEP_ALIVE_MS = 60_000;

/** What one use of kafkajs (a producer, a member of a group) says goes through sockets of its own, so that it can be silenced for good. */
export class KafkaClient {
  readonly kafka: Kafka;
  private readonly sockets = new Set<Socket>();
  private abandoned = false;

  constructor({ brokers, clientId, tell }: KafkaEndpoint) {
    this.kafka = new Kafka({
      brokers: [...brokers],
      clientId,
      connectionTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      // Short: who waits for minutes inside can neither give up nor say so. Whoever uses this repeats.
      retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 3 },
      logLevel: logLevel.WARN,
      logCreator: () => tell,
      socketFactory: (address) => this.connect(address),
    });
  }

  /**
   * Nothing of this reaches Kafka any more. kafkajs cannot be told to stop what it repeats; without sockets it ends by itself, and what it
   * still held is not sent after what has taken its place.
   */
  abandon(): void {
    this.abandoned = true;
    for (const socket of this.sockets) socket.destroy(new Error(GIVEN_UP));
  }

  private connect({ host, port, onConnect }: ISocketFactoryArgs): Socket {
    if (this.abandoned) throw new Error(GIVEN_UP);
    const socket = connectTcp({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
    this.sockets.add(socket);
    socket.once('connect', onConnect);
    socket.once('close', () => this.sockets.delete(socket));
    return socket;
  }
}
