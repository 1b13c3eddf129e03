import { hash } from 'node:crypto';

/** 52 bits of SHA-1: exact as a JavaScript number and as a SQLite or MySQL integer. */
export function hash52(text: string): number {
  return Number.parseInt(hash('sha1', text, 'hex').slice(0, 13), 16);
}
