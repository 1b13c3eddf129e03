import type { ConnectionState } from '@parley/client';

export type Line = { kind: 'none' | 'offline' | 'connecting' | 'syncing' } | { kind: 'retry'; seconds: number };

/** What the line says of the connection; `offline` where nothing can be done but wait for a network. `network`: the browser believes there is one. */
export function lineOf(connection: ConnectionState, now: number, network = true): Line {
  switch (connection.status) {
    case 'idle':
    case 'online':
      return { kind: 'none' };
    case 'connecting':
    case 'syncing':
      return { kind: connection.status };
    case 'offline': {
      if (connection.retryAt === undefined || !network) return { kind: 'offline' };
      return { kind: 'retry', seconds: Math.max(0, Math.ceil((connection.retryAt - now) / 1000)) };
    }
  }
}
