import { eventually } from '@parley/testing';
import { io, type Socket } from 'socket.io-client';
import { type Ack, checkAck, ContractBroken, type SocketError, whatIsWrongWith } from './contract-check.js';
import type { EventsPush, LogEvent, Sent } from './shapes.js';

export interface Received {
  event: string;
  // Payloads differ by event; each is checked against its schema on arrival.
  payload: Record<string, unknown>;
}

export interface ConnectOptions {
  deviceId?: string;
  transports?: ('websocket' | 'polling')[];
  /** Off where a test looks at what happens after a disconnect. */
  reconnection?: boolean;
  auth?: Record<string, unknown>;
}

/** The server's documented refusal of a command. */
export class Refused extends Error {
  constructor(
    event: string,
    readonly error: SocketError,
  ) {
    super(`${event} was refused: ${error.code} ${error.message} ${JSON.stringify(error.errors ?? '')}`);
  }
}

const ACK_WITHIN_MS = 10_000;
let sends = 0;

/** One device of somebody: an ordinary Socket.IO client that remembers all it received. */
export class Device {
  readonly received: Received[] = [];
  readonly wrong: string[] = [];
  disconnectReason: string | undefined;

  private constructor(readonly socket: Socket) {
    socket.onAny((event: string, payload: Record<string, unknown>) => {
      const wrong = whatIsWrongWith(event, payload);
      if (wrong) this.wrong.push(wrong);
      this.received.push({ event, payload });
    });
    socket.on('disconnect', (reason) => {
      this.disconnectReason = reason;
    });
  }

  static async connect(url: string, token: string, options: ConnectOptions = {}): Promise<Device> {
    const { device, error } = await Device.tryConnect(url, token, options);
    if (error) throw new Error(`the socket was refused: ${error.message} ${JSON.stringify(error.data)}`);
    return device;
  }

  /** The refusal of the handshake that is expected. */
  static async refusal(url: string, token: string, options: ConnectOptions = {}): Promise<SocketError> {
    const { device, error } = await Device.tryConnect(url, token, options);
    device.close();
    if (!error?.data)
      throw new Error(`the handshake was to be refused with data, but: ${error?.message ?? 'accepted'}`);
    return error.data;
  }

  private static async tryConnect(url: string, token: string, options: ConnectOptions) {
    const socket = io(url, {
      autoConnect: false,
      forceNew: true,
      transports: options.transports ?? ['websocket'],
      reconnection: options.reconnection ?? false,
      auth: { token, ...(options.deviceId ? { deviceId: options.deviceId } : {}), ...options.auth },
    });
    const device = new Device(socket);
    const error = await new Promise<(Error & { data?: SocketError }) | undefined>((resolve) => {
      socket.once('connect', () => resolve(undefined));
      socket.once('connect_error', resolve);
      socket.connect();
    });
    return { device, error };
  }

  get connected(): boolean {
    return this.socket.connected;
  }

  /** Any ack, also a refusal. */
  async ask(event: string, payload: unknown): Promise<Ack> {
    const ack = (await this.socket.timeout(ACK_WITHIN_MS).emitWithAck(event, payload)) as Ack;
    checkAck(event, ack);
    return ack;
  }

  async request<T = Record<string, unknown>>(event: string, payload: unknown): Promise<T> {
    const ack = await this.ask(event, payload);
    if (!ack.ok) throw new Refused(event, ack.error);
    return ack.data as T;
  }

  async refusal(event: string, payload: unknown): Promise<SocketError> {
    const ack = await this.ask(event, payload);
    if (ack.ok) throw new Error(`${event} was to be refused, but: ${JSON.stringify(ack.data)}`);
    return ack.error;
  }

  sendText(conversationId: string, text: string, more: Record<string, unknown> = {}): Promise<Sent> {
    return this.request('message:send', {
      conversationId,
      clientMsgId: newId(),
      type: 'text',
      content: { text },
      ...more,
    });
  }

  /** Forgets what was received so far. */
  forget(): void {
    this.received.length = 0;
  }

  all<T = Record<string, unknown>>(event: string): T[] {
    return this.received.filter((one) => one.event === event).map((one) => one.payload as T);
  }

  /** The first payload of an event, received before or within the deadline, that fits. */
  next<T = Record<string, unknown>>(
    event: string,
    fits: (payload: T) => boolean = () => true,
    deadlineMs = 5000,
  ): Promise<T> {
    return eventually(`a fitting ${event}`, () => this.all<T>(event).find(fits) as T, { deadlineMs });
  }

  /** The conversation's log as it was pushed to this device, in the order of arrival. */
  log(conversationId: string): LogEvent[] {
    return this.all<EventsPush>('conversation:events')
      .filter((push) => push.conversationId === conversationId)
      .flatMap((push) => push.events);
  }

  async hasSeq(conversationId: string, seq: number): Promise<LogEvent> {
    return eventually(`seq ${seq} pushed`, () => this.log(conversationId).find((event) => event.seq === seq));
  }

  /** Closes; an event that broke the contract on the way fails the test here. */
  close(): void {
    this.socket.disconnect();
    if (this.wrong.length > 0) throw new ContractBroken(this.wrong.splice(0).join('\n'));
  }
}

export const newId = () => `m-${process.pid}-${Date.now().toString(36)}-${++sends}`;
