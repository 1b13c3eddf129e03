import { domainErrorFromWire, SERVICE_TOKEN_KEY, wasRefused } from '@parley/contracts/rpc';
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { Peer } from './peer.js';
import { TransportError } from './transport-error.js';

/** Answers of many pages, and the calls that ask for them: on the stream, short calls would wait behind them. */
const BULK = /\/(?:Sync|ListEvents|ListMessages|ListMemberIds|GetPolicySet)$/;
const LARGE_BYTES = 256 * 1024;

/** Does the call go beside the stream? */
export function isBulk(path: string, payload: Uint8Array): boolean {
  return payload.length > LARGE_BYTES || BULK.test(path);
}

interface Unary {
  timeoutMs: number;
  traceparent: string | undefined;
  serviceToken: string;
}

/** One gRPC call of its own. Rejects as a call on the stream does. */
export async function unaryCall(peer: Peer, path: string, payload: Buffer, options: Unary): Promise<Uint8Array> {
  const startedAt = performance.now();
  // Says without doubt that nothing has left while there is no connection.
  if (!peer.stream.isOpen) await within(options.timeoutMs, peer.stream.opened());
  const metadata = new Metadata();
  metadata.set(SERVICE_TOKEN_KEY, options.serviceToken);
  if (options.traceparent !== undefined) metadata.set('traceparent', options.traceparent);
  const deadline = Date.now() + options.timeoutMs - (performance.now() - startedAt);
  return new Promise((resolve, reject) => {
    const done = (error: ServiceError | null, answer?: Buffer) => {
      if (error === null) resolve(answer as Buffer);
      else reject(wasRefused(error) ? domainErrorFromWire(error) : fromStatus(error));
    };
    peer.client.makeUnaryRequest(path, asIs, asIs, payload, metadata, { deadline }, done);
  });
}

const asIs = (bytes: Buffer) => bytes;

function fromStatus({ code, details }: ServiceError): TransportError {
  const name = status[code];
  return new TransportError(name, details, name !== 'UNIMPLEMENTED' && name !== 'UNAUTHENTICATED');
}

async function within(timeoutMs: number, opened: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TransportError('DEADLINE_EXCEEDED', 'No connection.', false)), timeoutMs);
  });
  try {
    await Promise.race([opened, late]);
  } finally {
    clearTimeout(timer);
  }
}
