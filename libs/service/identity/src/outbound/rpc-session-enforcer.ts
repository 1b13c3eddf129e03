import { gatewayV1, type RpcClients } from '@parley/contracts/rpc';
import { type Closing, SessionEnforcer } from '@parley/core-identity';
import { DomainError } from '@parley/kernel';
import { setTimeout as sleep } from 'node:timers/promises';

/** The gateway nodes of this moment, by instance name; one `undefined` where there is only the one in this process. */
export type GatewayNodes = () => Promise<readonly (string | undefined)[]>;

const TIMEOUT_MS = 1000;
const TRIES = 3;
const PAUSE_MS = 100;

/**
 * Tells every gateway node, at once, and again where one does not answer. A node that is certainly gone has no sockets and needs no telling. One that
 * is silent may be frozen or cut off with its sockets open: then nothing is acked until it answers, is gone, or has been lost for so long that it has
 * closed them by itself (gateway, `EnforcementLease`) and is not among the nodes any more.
 */
export class RpcSessionEnforcer extends SessionEnforcer {
  constructor(
    private readonly rpc: RpcClients,
    private readonly nodes: GatewayNodes,
  ) {
    super();
  }

  async close({ sessionIds, userIds, code, action }: Closing): Promise<void> {
    const request = { sessionIds: [...sessionIds], userIds: [...userIds], code, action };
    await this.everyNode((gateway, options) => gateway.closeSessions(request, options));
  }

  async reload(version: number): Promise<void> {
    await this.everyNode((gateway, options) => gateway.reloadPolicies({ version }, options));
  }

  private async everyNode(
    call: (
      gateway: ReturnType<typeof this.gateway>,
      options: { timeoutMs: number; instance?: string },
    ) => Promise<unknown>,
  ): Promise<void> {
    const gateway = this.gateway();
    const nodes = await this.nodes();
    await Promise.all(
      nodes.map((instance) =>
        persistently(
          () => call(gateway, { timeoutMs: TIMEOUT_MS, ...(instance === undefined ? {} : { instance }) }),
          () => this.rpc.isGone(gatewayV1.GatewayNodeServiceService, instance),
        ),
      ),
    );
  }

  private gateway() {
    return this.rpc.of(gatewayV1.GatewayNodeServiceService);
  }
}

async function persistently(call: () => Promise<unknown>, isGone: () => Promise<boolean>): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      await call();
      return;
    } catch (error) {
      if (!(DomainError.is(error) && error.kind === 'unavailable')) throw error;
      if (await isGone()) return;
      if (tried === TRIES) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
