import type { conversationEvent, message } from '@parley/contracts';
import type { messageV1 } from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';
import type { z } from 'zod';

/** The message service writes the public JSON once; here it is only read back for answers that are built as objects. */
export function messageView(wire: messageV1.Message | undefined): z.input<typeof message> {
  if (wire === undefined) throw new DomainError('message.not_found', 'not_found');
  return JSON.parse(wire.json) as z.input<typeof message>;
}

/** An edit as the message service takes it; mentions that are not named stay as they are. */
export function editOf({ content, mentions }: { content: unknown; mentions?: string[] | undefined }) {
  return {
    contentJson: JSON.stringify(content),
    mentions: mentions === undefined ? undefined : { userIds: mentions },
  };
}

export function eventView(wire: messageV1.Event): z.input<typeof conversationEvent> {
  return {
    seq: wire.seq,
    type: wire.type,
    at: new Date(wire.at).toISOString(),
    actorId: wire.actorId,
    data: JSON.parse(wire.dataJson) as Record<string, unknown>,
  };
}
