import { gatewayV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { GatewayNodes, type Missed, type NodeCall } from '@parley/core-delivery';

/** A node that has not taken a batch by then is treated as silent; its deliveries wait for it aside. */
const TIMEOUT_MS = 2000;

export class RpcGatewayNodes extends GatewayNodes {
  private readonly gateway: ServiceClient<typeof gatewayV1.GatewayNodeServiceService>;

  constructor(rpc: RpcClients) {
    super();
    this.gateway = rpc.of(gatewayV1.GatewayNodeServiceService);
  }

  deliver(nodeId: string, { deliveries, process, missed, now }: NodeCall): Promise<gatewayV1.DeliverResponse> {
    const options = { timeoutMs: TIMEOUT_MS, ...(nodeId === '' ? {} : { instance: nodeId }) };
    return this.gateway.deliver(
      { deliveries, process, missed: missed === undefined ? undefined : wire(missed, now) },
      options,
    );
  }
}

function wire({ userIds, sessionIds, conversationIds, everybody, newestAt }: Missed, now: number): gatewayV1.Missed {
  return {
    userIds: [...userIds],
    sessionIds: [...sessionIds],
    conversationIds: [...conversationIds],
    everybody,
    newestAgeMs: Math.max(0, Math.round(now - newestAt)),
  };
}
