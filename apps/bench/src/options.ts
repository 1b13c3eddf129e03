import { parseArgs } from 'node:util';
import { SERVICES, type Service } from '@parley/testing';
import type { Replicas } from './deployment.js';

export interface BenchOptions {
  workloads: string[];
  rates: number[];
  seconds: number;
  users: number;
  /** A data folder with users of an earlier run. */
  data: string | undefined;
  keep: boolean;
  json: string | undefined;
  /** On embedded engines in one process, or as a cluster on the real ones. */
  profile: 'embedded' | 'distributed';
  replicas: Replicas;
  cpuProfile: boolean;
  floors: boolean;
}

export const USAGE = `npm run bench -- <workload …> [options]

workloads
  w1   one to one: the highest rate with ack and delivery p99 <= 100 ms, held
  w2   one to one at fixed rates: processor time per message, memory
  w11  kill -9 of a part under load: lost, repeated, and how long until acks are quick again
  w13  two gateways and two deliveries instead of one of each: cost per message, as a ratio (always distributed)

options
  --rate 2000,5000   w2: messages per second; w1: where the search starts
  --seconds 20       length of each measured part
  --users 2000       sockets, in pairs
  --data DIR         use a data folder, and leave it there: its users are used again
  --keep             leave the new data folder there
  --json FILE        also write the results there
  --profile distributed   a cluster on the engines of npm run stack, instead of one process on embedded ones
  --replicas api-gateway=2,delivery=2   how many of each service; one where nothing is said
  --cpu-profile      profile the processes, print where its time goes (the figures then include the profiler)
  --no-floors        leave out what the parts cost by themselves`;

export class WrongOption extends Error {}

export function parseOptions(args: string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    allowNegative: true,
    options: {
      rate: { type: 'string' },
      seconds: { type: 'string', default: '20' },
      users: { type: 'string', default: '2000' },
      data: { type: 'string' },
      keep: { type: 'boolean', default: false },
      json: { type: 'string' },
      profile: { type: 'string', default: 'embedded' },
      replicas: { type: 'string' },
      'cpu-profile': { type: 'boolean', default: false },
      floors: { type: 'boolean', default: true },
    },
  });
  const users = wholeNumber('users', values.users, 2);
  return {
    workloads: positionals,
    rates: values.rate ? values.rate.split(',').map((rate) => wholeNumber('rate', rate, 1)) : [],
    seconds: wholeNumber('seconds', values.seconds, 3),
    users: users - (users % 2),
    data: values.data,
    keep: values.keep || values.data !== undefined,
    json: values.json,
    profile: profileOf(values.profile),
    replicas: replicasOf(values.replicas),
    cpuProfile: values['cpu-profile'],
    floors: values.floors,
  };
}

function profileOf(text: string): BenchOptions['profile'] {
  if (text === 'embedded' || text === 'distributed') return text;
  throw new WrongOption('--profile must be embedded or distributed');
}

function replicasOf(text = ''): Replicas {
  const replicas: Replicas = {};
  for (const part of text.split(',').filter((one) => one !== '')) {
    const [name = '', count = ''] = part.split('=');
    const service = name === 'gateway' ? 'api-gateway' : name;
    if (!(SERVICES as readonly string[]).includes(service))
      throw new WrongOption(`--replicas: there is no service ${name}; it is one of ${SERVICES.join(', ')}`);
    replicas[service as Service] = wholeNumber('replicas', count, 1);
  }
  return replicas;
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min) throw new WrongOption(`--${name} must be a whole number from ${min} on`);
  return value;
}
