import { RpcClients, type ServiceClient, type ServiceDefinition } from '@parley/contracts/rpc';

/** Answers one call. Tests type its parameter as the request they expect. */
export type Answer = (request: never) => Promise<unknown>;

/** The other services as a test wants them: answers by `<Service>/<method>`; what is asked is remembered. */
export class AnsweringClients extends RpcClients {
  readonly asked: { method: string; request: Record<string, unknown> }[] = [];

  constructor(private readonly answers: Record<string, Answer>) {
    super();
  }

  of<D extends ServiceDefinition>(service: D): ServiceClient<D> {
    const methods = Object.entries(service).map(([name, { path }]) => {
      const key = `${path.split('/')[1]?.split('.').at(-1)}/${name}`;
      return [name, (request: never) => this.answer(key, request)];
    });
    return Object.fromEntries(methods) as ServiceClient<D>;
  }

  /** The latest request of a method. */
  last(method: string): Record<string, unknown> | undefined {
    return this.asked.findLast((each) => each.method === method)?.request;
  }

  private async answer(method: string, request: never): Promise<unknown> {
    this.asked.push({ method, request });
    const answer = this.answers[method];
    if (answer === undefined) throw new Error(`the test has no answer for ${method}`);
    return answer(request);
  }
}
