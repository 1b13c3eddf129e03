import type { ChangeOutcome } from '../domain/apply-changes.js';
import type { EditChange, HideChange, PinChange, ReactChange, RecallChange } from '../domain/changes/change.js';
import type { EventRow } from '../domain/log-rows.js';
import { ConversationLog } from '../ports/conversation-log.js';
import { LogReader } from '../ports/log-reader.js';
import { asReadBy } from './as-read-by.js';
import { required } from './commit-changes.js';

type Changed = Extract<ChangeOutcome, { message: EventRow }>;

/** Commits one change of a message, and answers its new state as the actor reads it. */
async function changed(
  log: ConversationLog,
  reader: LogReader,
  change: EditChange | RecallChange | ReactChange | PinChange,
): Promise<EventRow> {
  const { message } = required((await log.commit([change]))[0]) as Changed;
  const [row] = await asReadBy(reader, change.actorId, [message]);
  return row as EventRow;
}

export class EditMessage {
  constructor(
    private readonly log: ConversationLog,
    private readonly reader: LogReader,
  ) {}

  execute(change: EditChange): Promise<EventRow> {
    return changed(this.log, this.reader, change);
  }
}

export class RecallMessage {
  constructor(
    private readonly log: ConversationLog,
    private readonly reader: LogReader,
  ) {}

  execute(change: RecallChange): Promise<EventRow> {
    return changed(this.log, this.reader, change);
  }
}

export class ReactToMessage {
  constructor(
    private readonly log: ConversationLog,
    private readonly reader: LogReader,
  ) {}

  execute(change: ReactChange): Promise<EventRow> {
    return changed(this.log, this.reader, change);
  }
}

export class PinMessage {
  constructor(
    private readonly log: ConversationLog,
    private readonly reader: LogReader,
  ) {}

  execute(change: PinChange): Promise<EventRow> {
    return changed(this.log, this.reader, change);
  }
}

export interface HiddenMessage {
  conversationId: string;
  messageId: string;
  seq: number;
  userId: string;
  /** The session that did it and knows; may be empty. */
  sessionId: string;
}

/** Told of messages that a user deleted for themselves, so that their other devices see it. Best effort: `sync` tells it as well. */
export abstract class HideWatch {
  abstract hidden(message: HiddenMessage): void;
}

export class DeleteMessage {
  constructor(
    private readonly log: ConversationLog,
    private readonly watch: HideWatch,
  ) {}

  async execute({ sessionId, ...change }: HideChange & { sessionId: string }): Promise<void> {
    const outcome = required((await this.log.commit([change]))[0]) as Extract<ChangeOutcome, { kind: 'hide' }>;
    const { conversationId, messageId, actorId: userId } = change;
    if (outcome.isNew) this.watch.hidden({ conversationId, messageId, seq: outcome.seq, userId, sessionId });
  }
}
