import {
  type HideChange,
  type LogChange,
  type PinChange,
  placeOf,
  type ReactChange,
  type SendChange,
  sendKey,
} from '@parley/core-message';
import { hash } from 'node:crypto';

/** 128 bits of SHA-1 over the send key, as hexadecimal digits. */
export function keyHash(key: string): string {
  return hash('sha1', key, 'hex').slice(0, 32);
}

type Spot = [conversationNo: number, seq: number];
type UserSpot = [conversationNo: number, userId: string];
type UserMessage = [conversationNo: number, userId: string, seq: number];

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
  /** Whether a user hid a message. */
  readonly hidden = new Map<string, UserMessage>();
  /** A user's reactions to a message. */
  readonly reactions = new Map<string, UserMessage>();
  /** Conversations whose pins count. */
  readonly pins = new Set<number>();

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

  /** What a user did with a message before. */
  marks(no: number, change: HideChange | ReactChange | PinChange): void {
    const place = placeOf(change.messageId);
    if (place?.conversationNo !== no) return;
    const key = `${no}/${change.actorId}/${place.seq}`;
    const spot: UserMessage = [no, change.actorId, place.seq];
    this.hidden.set(key, spot);
    if (change.kind === 'react') this.reactions.set(key, spot);
    if (change.kind === 'pin') this.pins.add(no);
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
    const { members, events, points, facts, sends, hidden, reactions, pins } = this;
    return [members, events, points, facts, sends, hidden, reactions, pins].every(({ size }) => size === 0);
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
    case 'react':
    case 'pin':
      return [change.actorId];
    case 'fact': {
      const { fact } = change;
      if (fact.is === 'created' || fact.is === 'joined') return fact.members.map(({ userId }) => userId);
      return 'userId' in fact ? [fact.userId] : [];
    }
  }
}
