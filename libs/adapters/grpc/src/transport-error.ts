/** A call that failed on its way. Never leaves this adapter: callers see `server.unavailable`. */
export class TransportError extends Error {
  override readonly name = 'TransportError';

  constructor(
    /** A gRPC status. */
    readonly code: 'UNAVAILABLE' | 'DEADLINE_EXCEEDED' | (string & {}),
    details: string,
    /** False: certainly nobody began to handle it, so it may go elsewhere whatever it does. */
    readonly left: boolean,
  ) {
    super(details);
  }

  /** It took the call and did not answer. */
  get blamesInstance(): boolean {
    return this.left && (this.code === 'UNAVAILABLE' || this.code === 'DEADLINE_EXCEEDED');
  }
}
