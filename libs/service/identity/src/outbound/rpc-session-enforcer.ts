import type { RpcClients } from '@parley/contracts/rpc';
import { type Closing, SessionEnforcer } from '@parley/core-identity';
import { EveryGateway, type GatewayNodes } from '@parley/platform';

/** Identity's decisions about sessions, told to every gateway before they are acked. */
export class RpcSessionEnforcer extends SessionEnforcer {
  private readonly gateways: EveryGateway;

  constructor(rpc: RpcClients, nodes: GatewayNodes) {
    super();
    this.gateways = new EveryGateway(rpc, nodes);
  }

  async close({ sessionIds, userIds, code, action }: Closing): Promise<void> {
    const request = { sessionIds: [...sessionIds], userIds: [...userIds], code, action };
    await this.gateways.tell((gateway, options) => gateway.closeSessions(request, options));
  }

  async reload(version: number): Promise<void> {
    await this.gateways.tell((gateway, options) => gateway.reloadPolicies({ version }, options));
  }
}
