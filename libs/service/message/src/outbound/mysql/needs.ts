import { type LogChange, placeOf, type SendChange, sendKey } from '@parley/core-message';
import { hash } from 'node:crypto';

/** 128 bits of SHA-1 over the send key, as hexadecimal digits. */
export function keyHash(key: string): string {
  return hash('sha1', key, 'hex').slice(0, 32);
}

type Spot = [conversationNo: number, seq: number];
type UserSpot = [conversationNo: number, userId: string];

/** Rows that a batch needs besides its conversations. What was asked for once is not asked for again. */
export class Needs {
  /** Members as they are now, cursors included. */
  readonly members = new Map<string, UserSpot>();
  readonly events = new Map<string, Spot>();
  /** Own sends of a member after a seq. */
  readonly points = new Map<string, [conversationNo: number, userId: string, seq: number]>();
  readonly facts = new Set<string>();
  /** Send keys by hash. */
  readonly sends = new Map<string, string>();

  member(no: number, userId: string): void {
    this.members.set(`${no}/${userId}`, [no, userId]);
  }

  event(no: number, seq: number): void {
    if (seq > 0) this.events.set(`${no}/${seq}`, [no, seq]);
  }

  message(no: number, messageId: string): void {
    const place = placeOf(messageId);
    if (place?.conversationNo === no) this.event(no, place.seq);
  }

  point(no: number, userId: string, seq: number): void {
    this.points.set(`${no}/${userId}/${seq}`, [no, userId, seq]);
  }

  send(change: SendChange): string {
    const key = sendKey(change);
    const hashed = keyHash(key);
    this.sends.set(hashed, key);
    return hashed;
  }

  get isEmpty(): boolean {
    return this.members.size + this.events.size + this.points.size + this.facts.size + this.sends.size === 0;
  }
}

/** Whether the change reads cursors or writes whole member rows. Others do with what a writer may remember of a member. */
export function isAboutMembers(change: LogChange): boolean {
  return change.kind === 'cursor' || change.kind === 'fact';
}

/** Members whose rows decide over the change. */
export function usersOf(change: LogChange): readonly string[] {
  switch (change.kind) {
    case 'send':
      return [change.senderId];
    case 'cursor':
      return [change.userId];
    case 'edit':
    case 'recall':
    case 'hide':
      return [change.actorId];
    case 'fact': {
      const { fact } = change;
      if (fact.is === 'created' || fact.is === 'joined') return fact.members.map(({ userId }) => userId);
      return 'userId' in fact ? [fact.userId] : [];
    }
  }
}
