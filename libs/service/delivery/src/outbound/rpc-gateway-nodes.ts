import { gatewayV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { type Delivery, GatewayNodes } from '@parley/core-delivery';

/** A node that has not taken a batch by then is treated as silent; its deliveries wait for it aside. */
const TIMEOUT_MS = 2000;

export class RpcGatewayNodes extends GatewayNodes {
  private readonly gateway: ServiceClient<typeof gatewayV1.GatewayNodeServiceService>;

  constructor(rpc: RpcClients) {
    super();
    this.gateway = rpc.of(gatewayV1.GatewayNodeServiceService);
  }

  async deliver(nodeId: string, deliveries: Delivery[]): Promise<readonly number[]> {
    const options = { timeoutMs: TIMEOUT_MS, ...(nodeId === '' ? {} : { instance: nodeId }) };
    const { sockets } = await this.gateway.deliver({ deliveries }, options);
    return sockets;
  }
}
