import { createHash } from 'node:crypto';
import { placeOf, withConnection } from './tcp.mjs';

// The client side of MySQL's protocol, as far as one login and one statement: nothing is installed yet when the stack starts.
// https://mariadb.com/kb/en/clientserver-protocol/

const PROTOCOL_41 = 0x200;
const SECURE_CONNECTION = 0x8000;
const PLUGIN_AUTH = 0x80000;
const ERROR = 0xff;
const OK = 0x00;

const sha1 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha1')).digest();

function scramble(password, salt) {
  const once = sha1(password);
  const mask = sha1(salt, sha1(once));
  return Buffer.from(once.map((byte, i) => byte ^ mask[i]));
}

async function packet(read) {
  const head = await read(4);
  return { number: head[3], body: await read(head.readUIntLE(0, 3)) };
}

const framed = (number, body) => {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = number;
  return Buffer.concat([head, body]);
};

function refuse(body) {
  if (body[0] === ERROR)
    throw new Error(
      `${body.readUInt16LE(1)} ${body
        .subarray(3)
        .toString()
        .replace(/^#...../, '')}`,
    );
  return body;
}

/** The 20 random bytes that the server wants the password mixed with. */
function saltOf(greeting) {
  const at = greeting.indexOf(0, 1) + 1 + 4;
  return Buffer.concat([greeting.subarray(at, at + 8), greeting.subarray(at + 27, at + 39)]);
}

function login(user, password, salt) {
  const fixed = Buffer.alloc(32);
  fixed.writeUInt32LE(PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH, 0);
  fixed.writeUInt32LE(0x1000000, 4);
  fixed[8] = 45; // utf8mb4
  const proof = scramble(password, salt);
  return Buffer.concat([
    fixed,
    Buffer.from(`${user}\0`),
    Buffer.from([proof.length]),
    proof,
    Buffer.from('mysql_native_password\0'),
  ]);
}

/** Logs in and lets it compute one row. Where the server asks for a login that needs TLS or RSA, that it asks is the answer. */
export async function askMysql({ url }) {
  const { username, password } = new URL(url);
  await withConnection(placeOf(url), async ({ read, write }) => {
    const greeting = refuse((await packet(read)).body);
    write(framed(1, login(decodeURIComponent(username), decodeURIComponent(password), saltOf(greeting))));
    const answer = refuse((await packet(read)).body);
    if (answer[0] !== OK) return;
    write(framed(0, Buffer.from('\x03SELECT 1')));
    refuse((await packet(read)).body);
    write(framed(0, Buffer.from('\x01')));
  });
}
