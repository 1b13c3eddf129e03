import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';

// RFC 8489: a binding request has a type, no attributes, the magic cookie and a transaction id.
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const MAGIC_COOKIE = 0x2112a442;
const TIMEOUT_MS = 1_000;

/** Asks `turn:host:port` what address we have; needs no credential. */
export function askTurn({ url }) {
  const [, host, port] = /^turns?:(?<host>[^:?]+):(?<port>\d+)/.exec(url);
  const request = Buffer.alloc(20);
  request.writeUInt16BE(BINDING_REQUEST, 0);
  request.writeUInt32BE(MAGIC_COOKIE, 4);
  randomBytes(12).copy(request, 8);
  const socket = createSocket('udp4');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer within 1 s')), TIMEOUT_MS);
    socket.once('error', reject);
    socket.once('close', () => clearTimeout(timer));
    socket.on('message', (answer) => {
      const ours = answer.length >= 20 && answer.subarray(8, 20).equals(request.subarray(8));
      if (ours && answer.readUInt16BE(0) === BINDING_SUCCESS) resolve();
    });
    socket.send(request, Number(port), host);
  }).finally(() => socket.close());
}
