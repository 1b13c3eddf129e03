import { placeOf, withConnection } from './tcp.mjs';

const PONG = '+PONG\r\n';

/** One that still loads its data answers -LOADING, of another length but as long as we read. */
export async function askRedis({ url }) {
  const { password } = new URL(url);
  await withConnection(placeOf(url), async ({ read, write }) => {
    if (password) {
      write(`AUTH ${decodeURIComponent(password)}\r\n`);
      const answer = String(await read(5));
      if (answer !== '+OK\r\n') throw new Error(`Redis refuses the password: ${answer}`);
    }
    write('PING\r\n');
    const answer = String(await read(PONG.length));
    if (answer !== PONG) throw new Error(`Redis answers ${answer.trim()}`);
  });
}
