import { identityV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { UserDirectory } from '@parley/core-conversation';
import type { UserId } from '@parley/kernel';

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
}
