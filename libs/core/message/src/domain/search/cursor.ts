import { DomainError } from '@parley/kernel';

/** A message in the order of the answers: newest first, and one order for those of one moment. */
export interface FoundPlace {
  at: number;
  no: number;
  seq: number;
}

/** Negative where `a` comes first. */
export function inOrder(a: FoundPlace, b: FoundPlace): number {
  return b.at - a.at || b.no - a.no || b.seq - a.seq;
}

export function cursorText({ at, no, seq }: FoundPlace): string {
  return [at, no, seq].map((part) => part.toString(36)).join('.');
}

/** @throws request.invalid for what no server made. */
export function cursorOf(text: string): FoundPlace | undefined {
  if (text === '') return undefined;
  const match = /^([0-9a-z]{1,9})\.([0-9a-z]{1,7})\.([0-9a-z]{1,7})$/.exec(text);
  if (match === null)
    throw new DomainError('request.invalid', 'invalid', { errors: [{ path: 'cursor', message: 'is not a cursor' }] });
  const [at, no, seq] = match.slice(1).map((part) => Number.parseInt(part, 36)) as [number, number, number];
  return { at, no, seq };
}
