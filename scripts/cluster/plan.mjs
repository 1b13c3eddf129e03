import { StepFailed } from '../lib/step.mjs';

/** In the order of their ports; each is started from apps/<service>/dist/main.js. */
export const SERVICES = [
  'identity',
  'conversation',
  'message',
  'delivery',
  'presence',
  'file',
  'media-signal',
  'api-gateway',
];

const GATEWAY = 'api-gateway';
export const MOST_REPLICAS = 20;
const PORTS_OF_ONE = 2;
const HTTP_STEP = 100;

export const DEFAULT_BASE_PORT = 27_000;
export const DEFAULT_HTTP_PORT = 8080;

/** People say gateway. */
const long = (name) => (name === 'gateway' ? GATEWAY : name);
const short = (service) => (service === GATEWAY ? 'gateway' : service);

/**
 * @typedef {object} ClusterNode
 * @property {string} name `message-1`, `gateway-2`
 * @property {string} service Folder below apps/
 * @property {string} grpc host:port where the others call it
 * @property {string} adminUrl Health and metrics
 * @property {string=} httpUrl The public door; gateways only
 * @property {number=} pid Undefined while it is down
 */

/** `gateway=2,message=2` → how many of each service; one where nothing is said. */
export function parseReplicas(text) {
  const replicas = {};
  for (const part of text.split(',').filter(Boolean)) {
    const [, name, count] = /^([a-z-]+)=(\d+)$/.exec(part.trim()) ?? [];
    if (name === undefined) throw new StepFailed(`--replicas: write gateway=2,message=2, not "${part}".`);
    replicas[long(name)] = Number(count);
  }
  return replicas;
}

/** Refuses services that do not exist and numbers that have no ports; fills in the rest. */
export function completeReplicas(given) {
  for (const [service, count] of Object.entries(given)) {
    if (!SERVICES.includes(long(service)))
      throw new StepFailed(`There is no service "${service}": it is one of ${SERVICES.map(short).join(', ')}.`);
    if (!Number.isInteger(count) || count < 0 || count > MOST_REPLICAS)
      throw new StepFailed(`Replicas of ${service}: must be a whole number from 0 to ${MOST_REPLICAS}, not ${count}.`);
  }
  const wanted = Object.fromEntries(Object.entries(given).map(([service, count]) => [long(service), count]));
  return Object.fromEntries(SERVICES.map((service) => [service, wanted[service] ?? 1]));
}

/** `api-gateway-2` and `gateway-2` are one node. */
export function canonical(name) {
  const [, service, number] = /^(.+)-(\d+)$/.exec(name) ?? [];
  return service === undefined ? name : `${short(long(service))}-${number}`;
}

/**
 * One replica. Its ports follow from its name alone: a restart, and a cluster with more replicas, find it at the same place.
 * @returns {ClusterNode & {ports: {grpc: number, admin: number, http?: number}}}
 */
export function nodeOf(service, number, { basePort, httpPort }) {
  const first = basePort + (SERVICES.indexOf(service) * MOST_REPLICAS + number - 1) * PORTS_OF_ONE;
  const ports = { grpc: first, admin: first + 1 };
  const node = {
    name: `${short(service)}-${number}`,
    service,
    grpc: `127.0.0.1:${ports.grpc}`,
    adminUrl: `http://127.0.0.1:${ports.admin}`,
    ports,
  };
  if (service !== GATEWAY) return node;
  const http = httpPort + (number - 1) * HTTP_STEP;
  return { ...node, httpUrl: `http://127.0.0.1:${http}`, ports: { ...ports, http } };
}

/** All replicas of all services. */
export function planOf(replicas, bases) {
  return SERVICES.flatMap((service) =>
    Array.from({ length: replicas[service] }, (_, i) => nodeOf(service, i + 1, bases)),
  );
}
