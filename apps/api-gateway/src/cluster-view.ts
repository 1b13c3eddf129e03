import type { ServiceAddresses } from '@parley/adapter-grpc';
import { SERVICES } from '@parley/platform';
import { type ConsumerLag, type RunningInstance, SystemView } from '@parley/service-gateway';

/** Who is in the registry. How far consumers are behind is in the metrics of those that consume. */
export class ClusterView extends SystemView {
  constructor(private readonly addresses: ServiceAddresses) {
    super();
  }

  instances(): RunningInstance[] {
    return SERVICES.flatMap((service) =>
      this.addresses.of(service).map(({ instance, address, zone }) => ({ service, instance, address, zone })),
    );
  }

  async lag(): Promise<ConsumerLag[]> {
    return [];
  }
}
