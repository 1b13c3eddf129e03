import type { LiveSocket } from '@parley/core-gateway';

/** Sockets are sent away to come back over this time, so that they do not come all at once. */
const SPREAD_MS = 2000;
const PER_SECOND = 1000;

/** For clients that may have missed something without knowing it: they catch up as they come back. */
export function sendBack(sockets: readonly LiveSocket[]): void {
  const spread = Math.max(SPREAD_MS, (sockets.length / PER_SECOND) * 1000);
  for (const socket of sockets) socket.close('server.unavailable', 'reconnect', Math.round(Math.random() * spread));
}
