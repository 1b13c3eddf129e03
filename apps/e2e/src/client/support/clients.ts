import { randomBytes } from 'node:crypto';
import { type ClientOptions, createClient, type ParleyClient, until } from '@parley/client';
import { afterEach } from 'vitest';
import { PASSWORD } from '../../support/people.js';

export interface NamedClient extends ParleyClient {
  username: string;
}

/** Clients of one spec file; all are closed after each test. */
export function useClients(url: () => string): {
  open(options?: ClientOptions): ParleyClient;
  /** Somebody new, signed in and connected. */
  person(name: string, options?: ClientOptions): Promise<NamedClient>;
} {
  const opened: ParleyClient[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((client) => client.close()));
  });
  const open = (options: ClientOptions = {}) => {
    const client = createClient({ url: url(), storage: 'memory', ...options });
    opened.push(client);
    return client;
  };
  return {
    open,
    async person(name, options) {
      const client = open(options);
      const username = `${name}_${randomBytes(4).toString('hex')}`;
      await client.session.register({ username, password: PASSWORD, displayName: name });
      await online(client);
      return { ...client, username };
    },
  };
}

export async function online(client: ParleyClient): Promise<void> {
  await until(client.connection, ({ status }) => status === 'online' || status === 'syncing');
}

export async function offline(client: ParleyClient): Promise<void> {
  await until(client.connection, ({ status }) => status === 'offline');
}

/** What a promise was rejected with. */
export const refusal = (work: Promise<unknown>): Promise<{ code?: string }> =>
  work.then(
    () => ({}),
    (error: { code: string }) => error,
  );
