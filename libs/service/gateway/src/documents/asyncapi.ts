import {
  type SocketCommandDefinition,
  type SocketEventDefinition,
  socketCommands,
  socketEvents,
} from '@parley/contracts';
import { z } from 'zod';
import { errorCodes } from './openapi.js';
import { DocumentSchemas } from './schemas.js';

type Json = Record<string, unknown>;

const failure = z.object({
  ok: z.literal(false),
  error: z.object({
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    retryAfterMs: z.number().int().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
});

/** The AsyncAPI 3.0 document of the Socket.IO surface: commands a client sends (with their acks) and events the server sends. */
export function asyncApiDocument(version: string): Json {
  const schemas = new DocumentSchemas();
  const messages = Object.fromEntries([
    ...socketCommands.flatMap((command) => [
      [key(command.event), commandMessage(command, schemas)],
      [`${key(command.event)}Ack`, ackMessage(command, schemas)],
    ]),
    ...socketEvents.map((event) => [key(`server:${event.event}`), eventMessage(event, schemas)]),
  ]) as Record<string, Json>;
  const reference = (name: string) => ({ $ref: `#/channels/socket/messages/${name}` });
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Parley realtime',
      version,
      description:
        'Socket.IO 4: path /socket.io/, namespace /, auth {token} with an access token of POST /api/v1/auth/login, register or guest (/api/openapi.json). Every command takes an acknowledgement: {ok: true, data} or {ok: false, error}. A refused handshake is a connect_error whose data is the same error object. After each connect ask `sync` until caughtUp; drop events with a seq you have, ask `sync` again when one is jumped over.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: { socket: { address: '/', title: 'The namespace /', messages } },
    operations: Object.fromEntries([
      ...socketCommands.map((command) => [
        key(command.event),
        {
          action: 'receive',
          channel: { $ref: '#/channels/socket' },
          summary: command.summary,
          messages: [reference(key(command.event))],
          reply: { channel: { $ref: '#/channels/socket' }, messages: [reference(`${key(command.event)}Ack`)] },
          'x-errors': command.errors ?? [],
        },
      ]),
      ...socketEvents.map((event) => [
        key(`server:${event.event}`),
        {
          action: 'send',
          channel: { $ref: '#/channels/socket' },
          summary: event.summary,
          messages: [reference(key(`server:${event.event}`))],
        },
      ]),
    ]),
    components: { schemas: schemas.components },
    'x-error-codes': errorCodes(),
  };
}

/** `message:send` → `messageSend`: keys of AsyncAPI objects take no colons. */
function key(event: string): string {
  return event.replace(/[:-](\w)/g, (_, letter: string) => letter.toUpperCase());
}

function commandMessage(command: SocketCommandDefinition, schemas: DocumentSchemas): Json {
  return { name: command.event, title: command.event, payload: schemas.of(command.input, 'input') };
}

function ackMessage(command: SocketCommandDefinition, schemas: DocumentSchemas): Json {
  const success = z.object({ ok: z.literal(true), data: command.output });
  return {
    name: `${command.event} (ack)`,
    title: `Acknowledgement of ${command.event}`,
    payload: { oneOf: [schemas.of(success), schemas.of(failure)] },
  };
}

function eventMessage(event: SocketEventDefinition, schemas: DocumentSchemas): Json {
  return { name: event.event, title: event.event, payload: schemas.of(event.payload) };
}
