import type { Person } from '@parley/contracts';
import { identityV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';

const PER_CALL = 100;

/** Names and avatars next to user ids. */
export class People {
  private readonly identity: ServiceClient<typeof identityV1.IdentityServiceService>;

  constructor(rpc: RpcClients) {
    this.identity = rpc.of(identityV1.IdentityServiceService);
  }

  /** Everyone asked for; of those who cannot be looked up now, the id alone: lists stay readable while identity is down. */
  async named(actorId: string, userIds: readonly string[]): Promise<Map<string, Person>> {
    const unique = [...new Set(userIds)];
    const people = new Map<string, Person>(unique.map((userId) => [userId, { userId }]));
    const parts = Array.from({ length: Math.ceil(unique.length / PER_CALL) }, (_, i) =>
      unique.slice(i * PER_CALL, (i + 1) * PER_CALL),
    );
    await Promise.all(
      parts.map(async (part) => {
        const { users } = await this.identity.getUsers({ actorId, userIds: part }).catch(() => ({ users: [] }));
        for (const user of users) people.set(user.userId, personOf(user));
      }),
    );
    return people;
  }
}

function personOf({ userId, displayName, avatarFileId, kind }: identityV1.User): Person {
  return {
    userId,
    displayName,
    ...(avatarFileId === '' ? {} : { avatarFileId }),
    kind: kind === 'guest' ? 'guest' : 'user',
  };
}
