// A client that keeps up:   node chat.mjs USERNAME PASSWORD [CONVERSATION_ID | @USERNAME]      (needs: npm install socket.io-client)
// Prints what is said in all conversations of the user; sends what is typed to the one that is named, else to the world room.
// Kill it and start it again: it goes on after the last message it has shown.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { io } from 'socket.io-client';

const base = process.env.PARLEY_URL ?? 'http://localhost:8080';
const [username, password, where = 'world'] = process.argv.slice(2);
if (!username || !password) fail('usage: node chat.mjs USERNAME PASSWORD [CONVERSATION_ID | @USERNAME]');

function fail(reason) {
  console.error(reason);
  process.exit(1);
}

// What outlives the process: which device this is, its session, and how much of each conversation it has shown.
const file = `chat-${username}.json`;
let state = { deviceId: crypto.randomUUID(), refreshToken: undefined, heads: {} };
try {
  state = JSON.parse(readFileSync(file, 'utf8'));
} catch (error) {
  if (error.code !== 'ENOENT') throw error;
}
function save() {
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file); // the old one or the new one, never half of it
}

// --- REST: the session, and the conversation to write to -----------------------------------------------------------------
let accessToken;
let renewal;

/** Asks until there is an answer. */
async function call(method, path, body) {
  const headers = {};
  if (body) headers['content-type'] = 'application/json';
  if (accessToken) headers.authorization = `Bearer ${accessToken}`;
  for (let told = false; ; told = true) {
    const request = { method, headers, body: body && JSON.stringify(body) };
    const response = await fetch(`${base}/api/v1${path}`, request).catch((error) => error);
    const answer = response instanceof Response && response.status !== 204 ? await response.json() : undefined;
    if (response.ok) return answer;
    if (answer && !answer.retryable)
      throw Object.assign(new Error(`${answer.title} ${answer.detail}`), { code: answer.code });
    if (!told) console.error(`waiting: ${answer?.title ?? `no answer from ${base}`}`);
    await sleep(answer?.retryAfterMs ?? 1000);
  }
}

/** Goes on with the stored session; logs in where there is none, or it has ended; registers who is not known yet. */
async function openSession() {
  accessToken = undefined;
  const credentials = { username, password, device: { deviceId: state.deviceId, name: 'chat.mjs' } };
  const { refreshToken } = state;
  if (refreshToken) {
    const again = await call('POST', '/auth/refresh', { refreshToken }).catch(unlessAuth);
    if (again) return again;
  }
  return (
    (await call('POST', '/auth/login', credentials).catch(unlessAuth)) ?? call('POST', '/auth/register', credentials)
  );
}
function unlessAuth(error) {
  if (
    !['auth.token_invalid', 'auth.token_expired', 'auth.session_revoked', 'auth.invalid_credentials'].includes(
      error.code,
    )
  )
    throw error;
}

async function renew() {
  const opened = await openSession();
  accessToken = opened.accessToken;
  state.refreshToken = opened.refreshToken;
  save();
  const left = Date.parse(opened.accessTokenExpiresAt) - Date.now();
  clearTimeout(renewal);
  renewal = setTimeout(renewAhead, left * 0.8).unref();
}
/** Before the access token expires, so that the socket need not close. */
async function renewAhead() {
  await renew();
  await ask('token:refresh', { token: accessToken });
}

async function find(name) {
  if (!name.startsWith('@')) return (await call('POST', `/conversations/${name}/join`)).conversationId; // a member stays one
  const { items } = await call('GET', `/users?q=${encodeURIComponent(name.slice(1))}`);
  const user = items.find((one) => one.username === name.slice(1).toLowerCase());
  if (!user) fail(`there is no ${name}`);
  return (await call('PUT', `/conversations/direct/${user.userId}`)).conversationId;
}

// --- The socket ----------------------------------------------------------------------------------------------------------
await renew().catch((error) => fail(error.message));
const target = await find(where).catch((error) => fail(error.message));
const socket = io(base, { autoConnect: false, auth: (send) => send({ token: accessToken }) });

/** Asks until there is an answer. A repeat is safe: a send with the same clientMsgId answers what it answered first. */
async function ask(event, payload) {
  for (;;) {
    const answer = await socket
      .timeout(5000)
      .emitWithAck(event, payload)
      .catch(() => undefined);
    if (answer?.ok) return answer.data;
    if (answer && !answer.error.retryable) throw Object.assign(new Error(answer.error.message), answer.error);
    await sleep(answer?.error.retryAfterMs ?? 500);
  }
}

// Pushes and pages of sync change `state` one after the other, in the order in which they came.
let work = Promise.resolve();
const inTurn = (task) => (work = work.then(task).catch((error) => fail(error.stack)));

const titles = new Map();
const names = new Map();
async function nameOf(userId) {
  if (!names.has(userId)) names.set(userId, (await call('GET', `/users/${userId}`)).displayName);
  return names.get(userId);
}

/** Shows what is new of one conversation; what was shown before comes again at times, and is dropped by its seq. */
async function show({ conversationId, epoch, events }) {
  for (const { seq, type, actorId, data } of events) {
    if (seq <= (state.heads[conversationId]?.seq ?? 0)) continue;
    if (type === 'message.created')
      console.log(
        `[${titles.get(conversationId) ?? conversationId}] ${seq} ${await nameOf(actorId)}: ${data.content?.text ?? `(${data.type})`}`,
      );
    state.heads[conversationId] = { seq, epoch };
  }
  save();
}

/** Everything missed, in pages. Conversations under `resets` are not told event by event: the latest messages must do. */
async function catchUp() {
  let page;
  do {
    const heads = Object.entries(state.heads).map(([conversationId, head]) => ({ conversationId, ...head }));
    page = await ask('sync', page ? { heads, cursor: page.nextCursor } : { heads });
    for (const { conversationId, title, peer } of page.conversations)
      titles.set(conversationId, peer?.displayName ?? title);
    for (const entry of page.events) await show(entry);
    for (const id of page.removed) delete state.heads[id];
    for (const id of page.resets) {
      const { headSeq, epoch } = page.conversations.find((one) => one.conversationId === id);
      const { items } = await call('GET', `/conversations/${id}/messages?beforeSeq=${headSeq + 1}&limit=20`);
      delete state.heads[id];
      const events = items
        .reverse()
        .map((data) => ({ seq: data.seq, type: 'message.created', actorId: data.senderId, data }));
      await show({ conversationId: id, epoch, events });
      state.heads[id] = { seq: headSeq, epoch };
    }
  } while (!page.caughtUp);
  save();
}

socket.on('conversation:events', (push) =>
  inTurn(async () => {
    const next = (state.heads[push.conversationId]?.seq ?? 0) + 1;
    if (push.events[0].seq > next) await catchUp(); // something in between is missing
    await show(push);
  }),
);
socket.on('connect', () => {
  ask('conversation:subscribe', { conversationId: target }); // very large conversations are pushed to those who look at them
  inTurn(catchUp);
});

// When the server closes on purpose or refuses, Socket.IO leaves it to us whether to come back.
let closing;
socket.on('session:closing', (last) => (closing = last));
socket.on('disconnect', async (reason) => {
  if (reason !== 'io server disconnect') return; // the network: Socket.IO tries again by itself
  if (closing && closing.action !== 'reconnect') fail(`closed: ${closing.code}`);
  await sleep(closing?.reconnectAfterMs ?? 1000);
  socket.connect();
});
socket.on('connect_error', async ({ message, data }) => {
  if (socket.active) return;
  if (data?.code === 'auth.token_expired') await renew();
  else if (data?.retryable) await sleep(data.retryAfterMs ?? 1000);
  else fail(`refused: ${data?.code} (${message})`);
  socket.connect();
});
socket.connect();

// One after the other, so that they keep their order. A real application stores text and clientMsgId before it sends.
for await (const text of createInterface({ input: process.stdin })) {
  if (!text.trim()) continue;
  const message = { conversationId: target, clientMsgId: crypto.randomUUID(), type: 'text', content: { text } };
  await ask('message:send', message).catch((error) => console.log(`not sent: ${error.code} (${error.message})`));
}
await work;
process.exit();
