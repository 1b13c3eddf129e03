import type { ServiceInstance } from '@parley/adapter-grpc';

const NONE: readonly ServiceInstance[] = [];

interface Known {
  current: readonly ServiceInstance[];
  /** Those that were there, and until when they count as lately there (by `performance.now()`). */
  gone: Map<string, { at: ServiceInstance; until: number; hasLeft: boolean }>;
}

/**
 * What a registry said, and what follows from it. An answer without any instance is not believed: registries that were restarted, or whose checks
 * all failed for want of news, say the same, and an address that is dead costs one refused connection, while a lost one costs the service.
 */
export class KnownInstances {
  private readonly services = new Map<string, Known>();

  constructor(
    /** How long an instance that left can still be found by its name. */
    private readonly latelyMs: number,
  ) {}

  /**
   * Unchanged answers leave the arrays as they are.
   * @param ailing Names of those that are registered and do not take calls.
   */
  learn(service: string, answer: readonly ServiceInstance[], ailing: readonly string[] = []): void {
    const known = this.services.get(service) ?? { current: NONE, gone: new Map() };
    this.services.set(service, known);
    if (answer.length === 0 || isSame(known.current, answer)) return;
    const until = performance.now() + this.latelyMs;
    for (const at of known.current)
      if (!answer.some(({ instance }) => instance === at.instance))
        known.gone.set(at.instance, { at, until, hasLeft: !ailing.includes(at.instance) });
    for (const { instance } of answer) known.gone.delete(instance);
    known.current = [...answer];
  }

  isKnown(service: string): boolean {
    return this.services.has(service);
  }

  of(service: string): readonly ServiceInstance[] {
    return this.services.get(service)?.current ?? NONE;
  }

  /** It is not registered any more, and was well until then. */
  hasLeft(service: string, instance: string): boolean {
    return this.services.get(service)?.gone.get(instance)?.hasLeft ?? false;
  }

  lately(service: string): readonly ServiceInstance[] {
    const gone = this.services.get(service)?.gone;
    if (gone === undefined || gone.size === 0) return NONE;
    const now = performance.now();
    for (const [name, { until }] of gone) if (until <= now) gone.delete(name);
    return [...gone.values()].map(({ at }) => at);
  }
}

function isSame(one: readonly ServiceInstance[], other: readonly ServiceInstance[]): boolean {
  const text = (list: readonly ServiceInstance[]) =>
    list
      .map(({ instance, address, zone }) => `${instance} ${address} ${zone}`)
      .sort()
      .join('\n');
  return one.length === other.length && text(one) === text(other);
}
