import { createHash } from 'node:crypto';
import type { Clock, ConversationId, IdGenerator, UserId } from '@parley/kernel';
import { idempotencyConflict } from '../domain/conversation.errors.js';
import { type Founding, found } from '../domain/creation.js';
import type { Limits } from '../domain/membership.js';
import type { ConversationStore, Creation } from '../ports/conversation-store.js';
import type { FactRelay } from './fact-relay.js';
import type { WhoMayBeAdded } from './who-may-be-added.js';

export interface CreateConversationCommand extends Founding {
  actorId: UserId;
  memberIds: readonly UserId[];
  /** Empty for none. */
  idempotencyKey: string;
}

export class CreateConversation {
  constructor(
    private readonly store: ConversationStore,
    private readonly candidates: WhoMayBeAdded,
    private readonly relay: FactRelay,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
    private readonly limits: Limits,
  ) {}

  async execute(
    command: CreateConversationCommand,
  ): Promise<{ conversationId: ConversationId; refused: readonly UserId[] }> {
    const fingerprint = fingerprintOf(command);
    const creation = (await this.before(command)) ?? (await this.create(command, fingerprint));
    if (creation.fingerprint !== fingerprint) throw idempotencyConflict();
    // Also on a repeat: the first one may have been cut off before the log had it.
    await this.relay.flush(creation.conversationId);
    return creation;
  }

  private async before({ actorId, idempotencyKey }: CreateConversationCommand): Promise<Creation | undefined> {
    return idempotencyKey === '' ? undefined : this.store.findCreation(actorId, idempotencyKey);
  }

  private async create(command: CreateConversationCommand, fingerprint: string): Promise<Creation> {
    const { actorId, idempotencyKey: key } = command;
    const { accepted, refused } = await this.candidates.sort(actorId, command.memberIds);
    const made = found(command, actorId, accepted, this.limits, { now: this.clock.now(), ids: this.ids });
    const once = key === '' ? undefined : { creatorId: actorId, key, fingerprint };
    const creation = await this.store.create(made, refused, once);
    return once === undefined ? { ...creation, fingerprint } : creation;
  }
}

function fingerprintOf(command: CreateConversationCommand): string {
  const { kind, title, description, joinPolicy, historyBeforeJoin, memberIds } = command;
  const content = JSON.stringify([kind, title, description, joinPolicy, historyBeforeJoin, [...memberIds].sort()]);
  return createHash('sha256').update(content).digest('hex');
}
