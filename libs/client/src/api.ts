import type { PublicSurface } from './gen/api.js';

export type {
  Contact,
  ContactRequest,
  Conversation,
  ConversationEvent,
  File as FileInfo,
  Invitation,
  Member,
  Message,
  Person,
  Presence,
  Room,
  Session as DeviceSession,
  Tier,
  User,
} from './gen/api.js';

type Operations = PublicSurface['Operations'];
type Commands = PublicSurface['Commands'];
type Events = PublicSurface['Events'];

/** `GET /conversations/{conversationId}`, and so on: every REST operation by method and path below `/api/v1`. */
export type OperationName = keyof Operations;
export type CommandName = keyof Commands;
export type EventName = keyof Events;
/** Every code an error of the server can have. */
export type ErrorCode = PublicSurface['ErrorCode'];

type Part<T, K extends string> = T extends Record<K, infer P> ? P : never;
/** Numbers and lists are written as the query string wants them. */
type Loose<Q> = { [K in keyof Q]: Q[K] | number | boolean | readonly string[] | undefined };

export type RequestOf<N extends OperationName> = (Operations[N] extends { params: infer P }
  ? { params: P }
  : { params?: undefined }) &
  (Operations[N] extends { query: infer Q } ? { query?: Loose<Q> } : { query?: undefined }) &
  (Operations[N] extends { body: infer B } ? { body: B } : { body?: undefined }) & {
    /** Makes a repeat safe, where the operation takes one. */
    idempotencyKey?: string;
    signal?: AbortSignal;
  };
export type AnswerOf<N extends OperationName> = [Part<Operations[N], 'response'>] extends [never]
  ? undefined
  : Part<Operations[N], 'response'>;

export type CommandInput<N extends CommandName> = Commands[N]['input'];
export type CommandOutput<N extends CommandName> = Commands[N]['output'];
export type EventPayload<N extends EventName> = Events[N];

export type SendInput = CommandInput<'message:send'>;
/** What a message holds, by its type: `{type: 'text', content: {text}}`, … */
export type MessageBody = SendInput extends infer S
  ? S extends { type: infer T; content: infer C }
    ? { type: T; content: C }
    : never
  : never;
