import { presenceV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { type NodeTargets, SessionLocator, type Whereabouts } from '@parley/core-delivery';
import { Logger } from '@nestjs/common';

/** The gateway nodes of this moment, by instance name; one `undefined` where there is only one and it has no name. */
export type GatewayInstances = () => readonly (string | undefined)[];

/** Every push waits for it, so a presence that hangs is given up early. */
const TIMEOUT_MS = 1000;
/** After a failure it is left alone for so long. */
const PAUSE_MS = 500;

/**
 * Asks presence. Its directory may be lost or out of reach, and presence keeps nobody from a message: a node that has not told it
 * everything lately is sent everything, and takes what is for its own sockets. While presence does not answer, that is every node.
 */
export class RpcSessionLocator extends SessionLocator {
  private readonly presence: ServiceClient<typeof presenceV1.PresenceServiceService>;
  private readonly logger = new Logger('delivery.locator');
  private roster = '';
  private settled: ReadonlySet<string> = new Set();
  private askAgainAt = 0;
  private told = false;

  constructor(
    rpc: RpcClients,
    private readonly gateways: GatewayInstances,
  ) {
    super();
    this.presence = rpc.of(presenceV1.PresenceServiceService);
  }

  async locate(whom: Whereabouts): Promise<readonly NodeTargets[]> {
    const gateways = this.gateways();
    try {
      // Where nobody else could be asked, presence is asked every time.
      if (gateways.length > 0 && performance.now() < this.askAgainAt) return gateways.map((id) => everything(id, whom));
      return this.complete(await this.ask(whom), gateways, whom);
    } catch (error) {
      if (gateways.length === 0) throw error;
      this.askAgainAt = performance.now() + PAUSE_MS;
      if (!this.told) this.logger.warn(`Presence does not answer: everything goes to every gateway. ${String(error)}`);
      this.told = true;
      return gateways.map((id) => everything(id, whom));
    }
  }

  private async ask({ userIds, conversationIds, sessionIds }: Whereabouts): Promise<readonly NodeTargets[]> {
    // Questions overtake each other: the answer leaves the nodes out where the roster is still the one that was asked with.
    const { roster: known } = this;
    const { nodes, roster, settledNodeIds } = await this.presence.locate(
      {
        userIds: userIds as string[],
        conversationIds: conversationIds as string[],
        sessionIds: sessionIds as string[],
        roster: known,
      },
      { timeoutMs: TIMEOUT_MS },
    );
    if (roster !== known) {
      this.roster = roster;
      this.settled = new Set(settledNodeIds);
    }
    if (this.told) this.logger.log('Presence answers again');
    this.told = false;
    return nodes;
  }

  private complete(
    located: readonly NodeTargets[],
    gateways: readonly (string | undefined)[],
    whom: Whereabouts,
  ): readonly NodeTargets[] {
    const unsettled = gateways.filter((id) => (id === undefined ? this.settled.size === 0 : !this.settled.has(id)));
    if (unsettled.length === 0) return located;
    // The only one there is: it has it all, under whatever name it was located.
    if (unsettled.includes(undefined)) return [everything(undefined, whom)];
    return [
      ...located.filter(({ nodeId }) => !unsettled.includes(nodeId)),
      ...unsettled.map((id) => everything(id, whom)),
    ];
  }
}

function everything(instance: string | undefined, whom: Whereabouts): NodeTargets {
  return { nodeId: instance ?? '', ...whom };
}
