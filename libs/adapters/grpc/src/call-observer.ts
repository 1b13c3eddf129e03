/** `ok`; `refused`: the service answered with an error of its own; `failed`: on the way; `busy`: too much was under way. */
export type CallOutcome = 'ok' | 'refused' | 'failed' | 'busy';

export interface TransportFailure {
  method: string;
  address: string;
  /** A gRPC status. */
  code: string;
  details: string;
}

/** What an operator wants to know of the calls to other services. Called on the hot path: must be cheap. */
export interface CallObserver {
  /** Once per attempt. */
  ended?(service: string, instance: string, outcome: CallOutcome): void;
  /** A call is made again at another instance. */
  retried?(service: string): void;
  /** Told of attempts that failed on the way, not of those that were refused by a service. */
  failed?(failure: TransportFailure): void;
}
