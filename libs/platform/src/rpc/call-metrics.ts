import type { CallObserver, CallOutcome, GrpcClients } from '@parley/adapter-grpc';
import { Counter, register } from 'prom-client';
import { gauges } from '../ops/metrics.js';

type Counted = ReturnType<Counter['labels']>;

/** Counts the calls of this process to others. Labels are bound once per instance: this is asked for each call. */
export class CallMetrics implements CallObserver {
  private readonly calls = new Counter({
    name: 'parley_calls_total',
    help: 'Calls to other processes, each attempt by itself',
    labelNames: ['service', 'instance', 'outcome'],
    registers: [],
  });
  private readonly repeats = new Counter({
    name: 'parley_call_retries_total',
    help: 'Calls that were made again at another instance',
    labelNames: ['service'],
    registers: [],
  });
  private readonly bound = new Map<string, Record<CallOutcome, Counted>>();

  constructor() {
    for (const metric of [this.calls, this.repeats]) {
      register.removeSingleMetric((metric as unknown as { name: string }).name);
      register.registerMetric(metric);
    }
  }

  ended(service: string, instance: string, outcome: CallOutcome): void {
    const key = `${service} ${instance}`;
    let counted = this.bound.get(key);
    if (counted === undefined) {
      const of = (one: CallOutcome) => this.calls.labels({ service, instance, outcome: one });
      counted = { ok: of('ok'), refused: of('refused'), failed: of('failed'), busy: of('busy') };
      this.bound.set(key, counted);
    }
    counted[outcome].inc();
  }

  retried(service: string): void {
    this.repeats.labels({ service }).inc();
  }

  /** Shows the state of the other processes, and forgets those that are gone: every start makes a new name. */
  follow(clients: GrpcClients): void {
    const each = (value: (peer: ReturnType<GrpcClients['view']>[number]) => number) => async () =>
      clients
        .view()
        .map((peer) => ({ labels: { service: peer.service, instance: peer.instance }, value: value(peer) }));
    const labels: ('service' | 'instance')[] = ['service', 'instance'];
    const BREAKER = { closed: 0, half_open: 1, open: 2 };
    gauges('parley_call_breaker', 'Circuit breaker: 0 closed, 1 half open, 2 open', labels, async () => {
      this.forget(new Set(clients.view().map(({ service, instance }) => `${service} ${instance}`)));
      return each(({ breaker }) => BREAKER[breaker])();
    });
    gauges(
      'parley_call_reachable',
      'Is there a connection',
      labels,
      each(({ reachable }) => (reachable ? 1 : 0)),
    );
    gauges(
      'parley_call_waiting',
      'Calls without an answer on the stream',
      labels,
      each(({ waiting }) => waiting),
    );
  }

  private forget(present: ReadonlySet<string>): void {
    for (const key of this.bound.keys()) {
      if (present.has(key)) continue;
      this.bound.delete(key);
      const [service = '', instance = ''] = key.split(' ');
      for (const outcome of ['ok', 'refused', 'failed', 'busy']) this.calls.remove({ service, instance, outcome });
    }
  }
}
