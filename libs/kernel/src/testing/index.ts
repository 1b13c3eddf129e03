import { Clock, IdGenerator } from '../clock.js';

/** Time that passes when a test says so. */
export class SetClock extends Clock {
  constructor(private at = Date.UTC(2026, 0, 1)) {
    super();
  }

  now(): number {
    return this.at;
  }

  pass(ms: number): void {
    this.at += ms;
  }
}

/** Ids that sort in the order they were made, as the real ones do. */
export class CountingIds extends IdGenerator {
  private count = 0;

  constructor(private readonly prefix = 'id') {
    super();
  }

  next(): string {
    return `${this.prefix}-${String((this.count += 1)).padStart(4, '0')}`;
  }

  secret(): string {
    return `secret-${this.next()}`;
  }
}
