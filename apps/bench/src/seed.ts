import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from './deployment.js';
import type { LoadUserData } from './load/load-user.js';

interface Opened {
  user: { userId: string };
  accessToken: string;
  refreshToken: string;
}

interface Seeded extends LoadUserData {
  refreshToken: string;
}

const AT_ONCE = 16;
const PASSWORD = 'correct horse battery staple';

/** Users in pairs, each pair with a direct conversation. `users[2n]` talks with `users[2n + 1]`. */
export async function seedPairs(server: Deployment, count: number): Promise<LoadUserData[]> {
  const path = join(server.directory, 'bench-users.json');
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Seeded[]) : [];
  const kept = await inParallel(known.slice(0, count), (user) => refreshed(server, user));
  const fresh = await newPairs(server, Math.max(0, count - known.length));
  const all = [...kept, ...fresh];
  writeFileSync(path, JSON.stringify([...all, ...known.slice(count)]));
  return all.map(({ userId, token, conversationId }) => ({ userId, token, conversationId }));
}

async function refreshed(server: Deployment, user: Seeded): Promise<Seeded> {
  const opened = await call<Opened>(server, 'POST', '/auth/refresh', { refreshToken: user.refreshToken });
  return { ...user, token: opened.accessToken, refreshToken: opened.refreshToken };
}

async function newPairs(server: Deployment, count: number): Promise<Seeded[]> {
  if (count === 0) return [];
  const open = await cheapestAccount(server);
  const pairs = await inParallel(Array.from({ length: count / 2 }), async () => {
    const pair = [await open(), await open()] as const;
    const direct = await call<{ conversationId: string }>(
      server,
      'PUT',
      `/conversations/direct/${pair[1].user.userId}`,
      undefined,
      pair[0].accessToken,
    );
    return pair.map(({ user, accessToken, refreshToken }) => ({
      userId: user.userId,
      token: accessToken,
      refreshToken,
      conversationId: direct.conversationId,
    }));
  });
  return pairs.flat();
}

/** Guests have no password to hash, which saves ten milliseconds each; where guests may not open conversations, accounts. */
async function cheapestAccount(server: Deployment): Promise<() => Promise<Opened>> {
  const guest = () => call<Opened>(server, 'POST', '/auth/guest', { displayName: 'Bench' });
  let number = 0;
  const prefix = `bench${Date.now().toString(36)}`;
  const account = () =>
    call<Opened>(server, 'POST', '/auth/register', { username: `${prefix}_${number++}`, password: PASSWORD });
  try {
    const [one, other] = [await guest(), await guest()];
    await call(server, 'PUT', `/conversations/direct/${other.user.userId}`, undefined, one.accessToken);
    return guest;
  } catch {
    return account;
  }
}

async function call<T>(server: Deployment, method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const response = await fetch(`${server.urls[0]}/api/v1${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function inParallel<T, R>(items: T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const workSome = async () => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, workSome));
  return results;
}
