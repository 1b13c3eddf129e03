import { messageIdOf } from '../domain/message-id.js';
import { LogReader, type Membership } from '../ports/log-reader.js';

export interface HiddenPlace {
  conversationId: string;
  messageSeq: number;
  messageId: string;
}

/** More than this in one conversation is loaded anew. */
const MAX_HIDDEN = 1000;

/**
 * What a user deleted for themselves after a device had `seqs` (by conversation number). A head alone does not tell everything: a
 * device may have got an event and not the push of what was hidden right before it, so what was hidden since `since` is told again.
 */
export async function hiddenSince(
  reader: LogReader,
  userId: string,
  memberships: readonly Membership[],
  seqs: ReadonlyMap<number, number>,
  since: number,
): Promise<{ hidden: HiddenPlace[]; resets: string[] }> {
  const ids = new Map(memberships.map(({ conversation: { no, conversationId } }) => [no, conversationId]));
  const heads = [...ids.keys()].sort((a, b) => a - b).flatMap((no) => ({ no, seq: seqs.get(no) ?? 0 }));
  const hidden: HiddenPlace[] = [];
  const resets: string[] = [];
  let left = heads.filter(({ seq }) => seq > 0);
  while (left.length > 0) {
    const rows = await reader.hiddenSince(userId, left, since, MAX_HIDDEN + 1);
    const cut = rows.length > MAX_HIDDEN ? rows.at(-1)?.no : undefined;
    for (const { no, seq } of rows)
      if (no !== cut)
        hidden.push({ conversationId: ids.get(no) ?? '', messageSeq: seq, messageId: messageIdOf(no, seq) });
    if (cut === undefined) break;
    resets.push(ids.get(cut) ?? '');
    left = left.filter(({ no }) => no > cut);
  }
  return { hidden, resets };
}
