import Consul from 'consul';

/** What of Consul's HTTP API is used, with the types that the library leaves open. */
export interface ConsulApi {
  register(service: ConsulService): Promise<void>;
  deregister(id: string): Promise<void>;
  /** Rejects with `statusCode` 404 when Consul does not know the check. */
  pass(checkId: string): Promise<void>;
  leader(): Promise<string>;
  /** Calls back with every new answer, from the first on, and with every failure; goes on by itself. Answers how to end it. */
  watch(name: string, onAnswer: (entries: HealthEntry[]) => void, onFailure: (error: Error) => void): () => void;
}

export interface ConsulService {
  id: string;
  name: string;
  address: string;
  port: number;
  meta: Record<string, string>;
  check: { checkid: string; ttl: string; deregistercriticalserviceafter: string; status: string };
}

export interface HealthEntry {
  Service: { ID: string; Address: string; Port: number; Meta: Record<string, string> | null };
  Checks: { Status: string }[];
}

const TIMEOUT_MS = 3000;
/** A blocking query is asked anew at least this often; a change answers it at once. */
const WAIT = '30s';
const LONGEST_PAUSE_MS = 1000;

export function consulApi(url: string, token: string): ConsulApi {
  const { hostname, port, protocol } = new URL(url);
  const secure = protocol === 'https:';
  const consul = new Consul({
    host: hostname,
    port: Number(port || (secure ? 443 : 80)),
    secure,
    ...(token === '' ? {} : { defaults: { token } }),
  });
  const timeout = TIMEOUT_MS;
  return {
    register: (service) => consul.agent.service.register({ ...service, timeout } as never),
    deregister: (id) => consul.agent.service.deregister({ id, timeout } as never),
    pass: (id) => consul.agent.check.pass({ id, timeout } as never),
    leader: () => consul.status.leader({ timeout } as never) as Promise<string>,
    watch: (name, onAnswer, onFailure) => {
      const watch = consul.watch({
        method: consul.health.service,
        options: { service: name, wait: WAIT },
        backoffMax: LONGEST_PAUSE_MS,
      });
      watch.on('change', onAnswer);
      watch.on('error', onFailure);
      return () => watch.end();
    },
  };
}
