import { identityV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { UserDirectory } from '@parley/core-conversation';
import type { Page, PageRequest, UserId } from '@parley/kernel';

const PER_CALL = 100;

/** The identity service over its own contract. */
export class RpcUserDirectory extends UserDirectory {
  private readonly identity: ServiceClient<typeof identityV1.IdentityServiceService>;

  constructor(rpc: RpcClients) {
    super();
    this.identity = rpc.of(identityV1.IdentityServiceService);
  }

  async existing(actorId: UserId, userIds: readonly UserId[]): Promise<Set<UserId>> {
    const found = new Set<UserId>();
    for (let start = 0; start < userIds.length; start += PER_CALL) {
      const part = userIds.slice(start, start + PER_CALL);
      const { users } = await this.identity.getUsers({ actorId, userIds: part });
      for (const user of users) if (!user.deleted) found.add(user.userId as UserId);
    }
    return found;
  }

  async named(actorId: UserId, prefix: string, among: readonly UserId[], page: PageRequest): Promise<Page<UserId>> {
    const { users, nextCursor } = await this.identity.searchUsers({
      actorId,
      query: prefix,
      among: [...among],
      page: { cursor: page.cursor ?? '', limit: page.limit },
    });
    return { items: users.map(({ userId }) => userId as UserId), ...(nextCursor === '' ? {} : { nextCursor }) };
  }
}
