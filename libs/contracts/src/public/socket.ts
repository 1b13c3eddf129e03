import type { z } from 'zod';

/** A request that a client sends over the socket: one event name, one payload, one ack. */
export interface SocketCommandDefinition {
  event: string;
  summary: string;
  input: z.ZodType;
  output: z.ZodType;
  errors?: readonly string[];
}

/** Something the server sends by itself. */
export interface SocketEventDefinition {
  event: string;
  summary: string;
  payload: z.ZodType;
}

export function socketCommand<const D extends SocketCommandDefinition>(definition: D): D {
  return definition;
}

export function socketEvent<const D extends SocketEventDefinition>(definition: D): D {
  return definition;
}

export type InputOf<D extends SocketCommandDefinition> = z.output<D['input']>;
export type OutputOf<D extends SocketCommandDefinition> = z.input<D['output']>;
export type PayloadOf<D extends SocketEventDefinition> = z.input<D['payload']>;
