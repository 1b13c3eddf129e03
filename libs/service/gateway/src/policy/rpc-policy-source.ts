import { policyV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { PolicySource, type PolicyUpdate } from '@parley/core-gateway';

export class RpcPolicySource extends PolicySource {
  private readonly identity: ServiceClient<typeof policyV1.PolicyServiceService>;

  constructor(rpc: RpcClients) {
    super();
    this.identity = rpc.of(policyV1.PolicyServiceService);
  }

  async fetch(knownVersion: number, revokedSince: number): Promise<PolicyUpdate> {
    const answer = await this.identity.getPolicySet({ knownVersion, revokedSince });
    const { version, rules, bans, unchanged, revoked, asOf } = answer;
    return { version, revoked, asOf, ...(unchanged ? {} : { set: { version, rules, bans } }) };
  }
}
