import { setTimeout as sleep } from 'node:timers/promises';
import { gatewayV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';

/** The gateway nodes of this moment, by instance name; one `undefined` where there is only the one in this process. */
export type GatewayNodes = () => Promise<readonly (string | undefined)[]>;

type Call = (
  gateway: ServiceClient<typeof gatewayV1.GatewayNodeServiceService>,
  options: { timeoutMs: number; instance?: string },
) => Promise<unknown>;

const TIMEOUT_MS = 1000;
const TRIES = 3;
const PAUSE_MS = 100;

/**
 * Tells every gateway node what it has to enforce from now on, at once, and again where one does not answer. A node that is certainly gone has no
 * sockets and needs no telling. One that is silent may be frozen or cut off with its sockets open: then nothing is acked until it answers, is gone, or
 * has been lost for so long that it has closed them by itself (gateway, `EnforcementLease`) and is not among the nodes any more. Throws
 * `server.unavailable` until then; what is told must bear a repeat.
 */
export class EveryGateway {
  constructor(
    private readonly rpc: RpcClients,
    private readonly nodes: GatewayNodes,
  ) {}

  async tell(call: Call): Promise<void> {
    const service = gatewayV1.GatewayNodeServiceService;
    const gateway = this.rpc.of(service);
    const nodes = await this.nodes();
    await Promise.all(
      nodes.map((instance) =>
        persistently(
          () => call(gateway, { timeoutMs: TIMEOUT_MS, ...(instance === undefined ? {} : { instance }) }),
          () => this.rpc.isGone(service, instance),
        ),
      ),
    );
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
