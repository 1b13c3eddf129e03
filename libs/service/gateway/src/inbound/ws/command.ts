import type { InputOf, OutputOf, SocketCommandDefinition } from '@parley/contracts';
import type { Principal } from '@parley/kernel';
import type { SocketLink } from './socket-link.js';

/** What a command knows of the connection it came over. */
export interface GatewaySession {
  readonly principal: Principal;
  readonly link: SocketLink;
  readonly address: string;
}

export interface SocketCommand {
  readonly definition: SocketCommandDefinition;
  readonly handle: (session: GatewaySession, input: never) => Promise<unknown>;
}

/** Binds a handler to a command of the contract; the dispatcher validates before it and acks after it. */
export function onCommand<D extends SocketCommandDefinition>(
  definition: D,
  handle: (session: GatewaySession, input: InputOf<D>) => Promise<OutputOf<D>>,
): SocketCommand {
  return { definition, handle };
}

/** A class that holds the commands of one area. */
export interface CommandGroup {
  readonly commands: readonly SocketCommand[];
}
