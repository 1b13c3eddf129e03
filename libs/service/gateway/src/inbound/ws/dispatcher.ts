import { ERROR_KINDS, errorText } from '@parley/contracts';
import { DomainError } from '@parley/kernel';
import { Logger } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { countError } from '../../gateway-counters.js';
import { validated } from '../validation.js';
import type { CommandGroup, GatewaySession, SocketCommand } from './command.js';

export interface ErrorAnswer {
  code: string;
  message: string;
  retryable: boolean;
  retryAfterMs?: number;
  errors?: { path: string; message: string }[];
}

/** Asked before a command is handled; throws `limit.rate` or `authz.denied`. */
export type CommandGate = (session: GatewaySession, event: string) => void | Promise<void>;

/** One table from event name to handler for all sockets: no per-event pipes, guards or interceptors. */
export class Dispatcher {
  private readonly table = new Map<string, SocketCommand>();
  private readonly logger = new Logger(Dispatcher.name);

  constructor(
    groups: readonly CommandGroup[],
    private readonly gate: CommandGate,
  ) {
    for (const command of groups.flatMap((group) => group.commands)) this.table.set(command.definition.event, command);
  }

  /** Takes all events of one socket. */
  attach(socket: Socket, session: GatewaySession): void {
    socket.onAny((event: unknown, ...args: unknown[]) => {
      const last = args.at(-1);
      const ack = typeof last === 'function' ? (last as (answer: unknown) => void) : undefined;
      this.run(session, event, args[0] === ack ? {} : args[0]).then(
        (data) => ack?.({ ok: true, data: data ?? {} }),
        (error: unknown) => ack?.({ ok: false, error: this.answer(error) }),
      );
    });
  }

  private async run(session: GatewaySession, event: unknown, payload: unknown): Promise<unknown> {
    const command = typeof event === 'string' ? this.table.get(event) : undefined;
    if (command === undefined) throw new DomainError('request.unknown_event', 'invalid');
    const gated = this.gate(session, command.definition.event);
    if (gated !== undefined) await gated;
    return command.handle(session, validated(command.definition.input, payload) as never);
  }

  answer(thrown: unknown): ErrorAnswer {
    const error = thrown instanceof DomainError ? thrown : new DomainError('server.internal', 'internal');
    if (error !== thrown) this.logger.error(thrown);
    countError('socket', error.code);
    const { message, retryAfterMs, errors } = error.details;
    return {
      code: error.code,
      message: message ?? errorText(error.code, 'en')?.meaning ?? error.code,
      retryable: ERROR_KINDS[error.kind].retryable,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(errors === undefined ? {} : { errors }),
    };
  }
}
