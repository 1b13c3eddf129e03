import type { IncomingMessage } from 'node:http';
import type { ServerOptions } from 'socket.io';
import type { GatewaySettings } from '../../settings.js';

/** One set-up for the public listener and the diagnostic one. */
export function socketOptions(settings: GatewaySettings): Partial<ServerOptions> {
  const origins = settings.PARLEY_ALLOWED_ORIGINS;
  const any = origins.includes('*');
  return {
    path: '/socket.io/',
    serveClient: false,
    pingInterval: settings.PARLEY_SOCKET_PING_INTERVAL_MS,
    pingTimeout: settings.PARLEY_SOCKET_PING_TIMEOUT_MS,
    connectTimeout: settings.PARLEY_SOCKET_CONNECT_TIMEOUT_MS,
    maxHttpBufferSize: settings.PARLEY_MAX_PACKET_BYTES,
    // Text this small does not shrink enough to pay for a compressor per socket.
    perMessageDeflate: false,
    httpCompression: false,
    cors: { origin: any ? true : origins },
    // CORS headers bind polling only; browsers open websockets to anywhere, so the origin is checked here for both.
    allowRequest: (request: IncomingMessage, allow: (message: string | null | undefined, ok: boolean) => void) => {
      const { origin } = request.headers;
      allow(null, any || origin === undefined || origins.includes(origin));
    },
  };
}
