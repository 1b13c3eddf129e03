import { connect } from 'node:net';

const TIMEOUT_MS = 3_000;

/** A connection that is read in exact portions. Rejects, and closes, when the other side is silent for 3 s or goes away. */
export async function withConnection({ host, port }, talk) {
  const socket = connect({ host, port });
  let held = Buffer.alloc(0);
  let wanted;
  const serve = () => {
    if (wanted === undefined || held.length < wanted.bytes) return;
    const { bytes, resolve } = wanted;
    wanted = undefined;
    resolve(held.subarray(0, bytes));
    held = held.subarray(bytes);
  };
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk]);
    serve();
  });
  const failure = new Promise((_, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    socket.setTimeout(TIMEOUT_MS, () => reject(new Error('no answer within 3 s')));
  });
  failure.catch(() => {});
  const read = (bytes) =>
    Promise.race([
      failure,
      new Promise((resolve) => {
        wanted = { bytes, resolve };
        serve();
      }),
    ]);
  try {
    return await Promise.race([failure, talk({ read, write: (bytes) => socket.write(bytes) })]);
  } finally {
    // What was written last, a goodbye, still goes out.
    socket.destroySoon();
  }
}

/** Host and port of a URL or of `host:port`. */
export function placeOf(address) {
  const url = new URL(address.includes('://') ? address : `tcp://${address}`);
  return { host: url.hostname, port: Number(url.port) };
}
