import type { LoadUserData } from './load-user.js';
import type { RunOrder, RunReport } from './one-to-one.js';

/** What the bench asks of its generator, which is a process of its own so that its processor time can be told apart. */
export type Order =
  | { id: number; kind: 'connect'; urls: string[]; users: LoadUserData[]; atOnce: number }
  | { id: number; kind: 'run'; order: RunOrder }
  | { id: number; kind: 'disconnect' };

export interface ConnectReport {
  connected: number;
  failed: Record<string, number>;
  ms: number;
}

export type Reply = { id: number; report: ConnectReport | RunReport | undefined } | { id: number; error: string };
