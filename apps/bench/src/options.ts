import { parseArgs } from 'node:util';

export interface BenchOptions {
  workloads: string[];
  rates: number[];
  seconds: number;
  users: number;
  /** A data folder with users of an earlier run. */
  data: string | undefined;
  keep: boolean;
  json: string | undefined;
  profile: boolean;
  floors: boolean;
}

export const USAGE = `npm run bench -- <workload …> [options]

workloads
  w1   one to one: the highest rate with ack and delivery p99 <= 100 ms, held
  w2   one to one at fixed rates: processor time per message, memory

options
  --rate 2000,5000   w2: messages per second; w1: where the search starts
  --seconds 20       length of each measured part
  --users 2000       sockets, in pairs
  --data DIR         use a data folder, and leave it there: its users are used again
  --keep             leave the new data folder there
  --json FILE        also write the results there
  --profile          profile the server, print where its time goes (the figures then include the profiler)
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
      profile: { type: 'boolean', default: false },
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
    profile: values.profile,
    floors: values.floors,
  };
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min) throw new WrongOption(`--${name} must be a whole number from ${min} on`);
  return value;
}
