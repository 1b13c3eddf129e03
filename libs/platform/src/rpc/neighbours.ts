import type { FollowedAddresses } from '@parley/adapter-consul';
import type { GrpcClients } from '@parley/adapter-grpc';
import { DomainError } from '@parley/kernel';
import type { Health } from '../ops/health.js';

/**
 * Who must be told before a revocation is acked (G12): the gateways of this moment, and those that the registry has lost lately, frozen or cut off
 * perhaps with their sockets open. Rejects with `server.unavailable` as long as the registry has not answered: an empty list would mean nobody.
 */
export function gatewayNodes(addresses: FollowedAddresses): () => Promise<string[]> {
  return async () => {
    if (!addresses.isKnown('api-gateway'))
      throw new DomainError('server.unavailable', 'unavailable', { message: 'The gateways are not known yet.' });
    return [...addresses.of('api-gateway'), ...addresses.lately('api-gateway')].map(({ instance }) => instance);
  };
}

/** Names in `/readyz` the services that cannot be called. None of them is vital: what needs them is refused, the rest goes on. */
export function watchNeighbours(
  health: Health,
  clients: GrpcClients,
  addresses: FollowedAddresses,
  services: readonly string[],
): void {
  for (const service of services)
    health.add(
      service,
      async () => {
        if (addresses.of(service).length === 0)
          throw new Error(
            addresses.isKnown(service) ? 'no instance is registered' : 'the registry has not answered yet',
          );
        const peers = clients.view().filter((peer) => peer.service === service);
        const good = peers.filter(({ reachable, breaker }) => reachable && breaker === 'closed');
        // Nobody needed it yet.
        if (peers.length > 0 && good.length === 0) throw new Error(`none of ${peers.length} instances answers`);
      },
      false,
    );
}
