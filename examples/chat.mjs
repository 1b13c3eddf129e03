// A small client that keeps up: node chat.mjs USERNAME PASSWORD [CONVERSATION_ID]     (needs: npm install socket.io-client)
// Registers the user when there is none, joins the conversation, prints what is said, sends what you type.
import { io } from 'socket.io-client';

const base = process.env.PARLEY_URL ?? 'http://localhost:8080';
const [username, password, conversationId = 'world'] = process.argv.slice(2);
if (!username || !password) throw new Error('usage: node chat.mjs USERNAME PASSWORD [CONVERSATION_ID]');

async function call(method, path, body, token) {
  const response = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: body && JSON.stringify(body),
  });
  const answer = response.status === 204 ? undefined : await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.detail), { code: answer.code });
  return answer;
}

const device = { deviceId: `example-${username}`, name: 'chat.mjs' };
const credentials = { username, password, device };
const opened = await call('POST', '/auth/login', credentials).catch(() => call('POST', '/auth/register', credentials));
await call('POST', `/conversations/${conversationId}/join`, undefined, opened.accessToken).catch((error) => {
  if (error.code !== 'conversation.already_member') throw error;
});

let { accessToken, refreshToken } = opened;
const names = new Map();
async function nameOf(userId) {
  if (!names.has(userId))
    names.set(userId, (await call('GET', `/users/${userId}`, undefined, accessToken)).displayName);
  return names.get(userId);
}

// What this client has seen of each conversation. A repeat (same or lower seq) is dropped, a jump is filled by sync.
const heads = new Map();
async function take({ conversationId: id, epoch, events }) {
  for (const event of events) {
    const seen = heads.get(id)?.seq ?? 0;
    if (event.seq <= seen) continue;
    if (seen > 0 && event.seq > seen + 1) return catchUp();
    heads.set(id, { seq: event.seq, epoch });
    if (event.type === 'message.created')
      console.log(`${event.seq} ${await nameOf(event.actorId)}: ${event.data.content?.text ?? `(${event.data.type})`}`);
  }
}

const socket = io(base, { auth: (send) => send({ token: accessToken }) });
const request = (event, payload) => new Promise((resolve) => socket.emit(event, payload, resolve));

async function catchUp() {
  const known = [...heads].map(([id, head]) => ({ conversationId: id, ...head }));
  for (let cursor; ; ) {
    const { data } = await request('sync', { heads: known, ...(cursor ? { cursor } : {}) });
    for (const entry of data.events) await take(entry);
    cursor = data.nextCursor;
    if (data.caughtUp) return;
  }
}

socket.on('connect', catchUp);
socket.on('conversation:events', take);
socket.on('session:closing', (last) => console.log(`closing: ${last.code}, then ${last.action}`));
socket.on('connect_error', async (error) => {
  if (error.data?.code !== 'auth.token_expired')
    return console.log(`cannot connect: ${error.data?.code ?? error.message}`);
  ({ accessToken, refreshToken } = await call('POST', '/auth/refresh', { refreshToken }));
  socket.connect();
});

process.stdin.setEncoding('utf8').on('data', async (lines) => {
  for (const text of lines.split('\n').filter((line) => line.trim())) {
    const answer = await request('message:send', {
      conversationId,
      clientMsgId: crypto.randomUUID(),
      type: 'text',
      content: { text },
    });
    if (!answer.ok) console.log(`not sent: ${answer.error.code} (${answer.error.message})`);
  }
});
