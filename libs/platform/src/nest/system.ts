import { Clock, IdGenerator } from '@parley/kernel';
import { nanoid } from 'nanoid';
import { v7 } from 'uuid';

export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

/** UUID version 7 (RFC 9562) for ids, 192-bit nanoid for secrets. */
export class UuidGenerator extends IdGenerator {
  next(): string {
    return v7();
  }

  secret(): string {
    return nanoid(32);
  }
}
