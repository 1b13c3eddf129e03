import { type ResponseOf, rest } from '@parley/contracts';
import { Failure } from '../failure.js';
import type { RestClient } from './rest-client.js';

export type User = ResponseOf<typeof rest.users.get>;

export const titleOf = (user: User) => `${user.username ?? user.displayName} (${user.userId})`;

/** By id, or by the whole username in any case. Throws Failure when there is nobody, or more than one could be meant. */
export async function findUser(client: RestClient, nameOrId: string): Promise<User> {
  const name = nameOrId.normalize('NFKC').trim().toLowerCase();
  const isMeant = (user: User) => user.userId === nameOrId || user.username?.toLowerCase() === name;
  let cursor: string | undefined;
  do {
    // The search also finds longer names, and words of display names that others chose.
    const query = { q: name, limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const page = await client.call(rest.administration.users, { query });
    const [found, another] = page.items.filter(isMeant);
    if (another)
      throw new Failure(`"${nameOrId}" is the name of one user and the id of another: give the other's id or name.`);
    if (found) return found;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  throw new Failure(`There is no user "${nameOrId}". \`user list TEXT\` searches by the beginning of a name.`);
}
