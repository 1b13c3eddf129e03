import { AsyncLocalStorage } from 'node:async_hooks';
import { DomainError } from '@parley/kernel';
import { type CallOptions, DEFAULT_TIMEOUT_MS } from './rpc-clients.js';

/** The call that is being handled, for the calls that are made meanwhile. */
interface CallInProgress {
  /** By `performance.now()`. */
  deadline: number;
  traceparent: string | undefined;
  /** Answered: what goes on in the background of it has its own time. */
  over: boolean;
}

const current = new AsyncLocalStorage<CallInProgress>();

/** Kept back at every hop, so that the answer is on its way before the caller stops waiting for it. */
const MARGIN_MS = 20;

export interface IncomingCall {
  /** How long the caller waits from now on. */
  timeoutMs: number;
  traceparent?: string | undefined;
}

/** Handles a call: whatever is called meanwhile ends before the caller's deadline and belongs to the same trace. */
export async function handlingCall<T>({ timeoutMs, traceparent }: IncomingCall, handle: () => Promise<T>): Promise<T> {
  const call = { deadline: performance.now() + timeoutMs, traceparent, over: false };
  try {
    return await current.run(call, handle);
  } finally {
    call.over = true;
  }
}

/** The trace context of the call that is being handled. */
export function traceparentInProgress(): string | undefined {
  const call = current.getStore();
  return call === undefined || call.over ? undefined : call.traceparent;
}

/**
 * How long an outgoing call may take and which trace it belongs to.
 * Throws `server.unavailable` when the call that is being handled has no time left for it.
 */
export function outgoingCall(options: CallOptions): { timeoutMs: number; traceparent: string | undefined } {
  const wanted = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const call = current.getStore();
  if (call === undefined || call.over) return { timeoutMs: wanted, traceparent: options.traceparent };
  const left = call.deadline - performance.now() - MARGIN_MS;
  if (left <= 0)
    throw new DomainError('server.unavailable', 'unavailable', {
      message: 'There was no time left for a further call.',
    });
  return { timeoutMs: Math.min(wanted, left), traceparent: options.traceparent ?? call.traceparent };
}
