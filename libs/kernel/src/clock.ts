/** Wall-clock time. Used for what people see and for expiry, never for order: order is `seq`. */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract now(): number;
}

/** New ids: time-ordered, unique over all processes, at most 36 characters of [0-9a-z-]. */
export abstract class IdGenerator {
  abstract next(): string;
  /** An unguessable secret of at least 128 bits, URL-safe. */
  abstract secret(): string;
}
