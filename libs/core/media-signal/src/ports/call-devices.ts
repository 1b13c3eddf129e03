import type { CallPush } from '../domain/announcement.js';

/** Reaches live devices, through delivery. Order is kept for calls that are made one after the other. */
export abstract class CallDevices {
  /** Best effort: a device that misses it reads the call. Never throws. */
  abstract announce(pushes: readonly CallPush[]): Promise<void>;
  /** Throws `server.unavailable` when it could not be handed over. */
  abstract pass(push: CallPush): Promise<void>;
}
