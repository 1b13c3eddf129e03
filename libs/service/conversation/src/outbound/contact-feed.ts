import { type contactEvents, type PayloadOf, TOPICS } from '@parley/contracts';
import { conversationEventsV1 } from '@parley/contracts/rpc';
import { type Contact, type ContactChange, type ContactRequest, visibleState } from '@parley/core-conversation';
import type { Clock } from '@parley/kernel';
import type { Outbox } from '@parley/platform';
import type { EntityManager } from 'typeorm';

type Payload = PayloadOf<typeof contactEvents.changed>;

/** Contact changes on their way to the event log, in the public form that delivery passes on. */
export class ContactFeed {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  append(tx: EntityManager, changes: readonly ContactChange[]): Promise<void> {
    const records = changes.map((change) => ({
      topic: TOPICS.contactChanged.name,
      key: change.userId,
      value: conversationEventsV1.ContactChanged.encode({
        userId: change.userId,
        peerId: change.peerId,
        change: change.change,
        payloadJson: JSON.stringify(this.payload(change)),
      }).finish(),
    }));
    return this.outbox.append(tx, records);
  }

  /** After the commit. Nobody waits for it: lists are read from the store, and what fails here the outbox repeats. */
  publish(): void {
    this.outbox.flush().catch(() => undefined);
  }

  private payload({ change, peerId, request, contact }: ContactChange): Payload {
    return {
      change,
      userId: peerId,
      ...(request === undefined ? {} : { request: publicRequest(request, this.clock.now()) }),
      ...(contact === undefined ? {} : { contact: publicContact(contact) }),
    };
  }
}

const iso = (ms: number) => new Date(ms).toISOString();

function publicRequest(request: ContactRequest, now: number): NonNullable<Payload['request']> {
  return {
    requestId: request.id,
    fromUserId: request.from,
    toUserId: request.to,
    greeting: request.greeting,
    state: visibleState(request, now),
    createdAt: iso(request.createdAt),
    expiresAt: iso(request.expiresAt),
    ...(request.answeredAt === 0 ? {} : { answeredAt: iso(request.answeredAt) }),
  };
}

function publicContact({ peerId, remark, tags, addedAt }: Contact): NonNullable<Payload['contact']> {
  return { userId: peerId, remark, tags: [...tags], addedAt: iso(addedAt) };
}
