import type { EventRow } from '../domain/log-rows.js';
import { type ReactionSummary, summariesOf } from '../domain/reactions.js';
import { LogReader } from '../ports/log-reader.js';

/**
 * Messages as one reader gets them: reactions say which are the reader's own. Almost always their names tell; one more read for all
 * rows together where more reacted than are named.
 */
export async function asReadBy<T extends EventRow>(
  reader: LogReader,
  userId: string,
  rows: readonly T[],
): Promise<T[]> {
  const found = rows.map((row) => ({ row, reactions: summariesOf(row.reactions) }));
  const unsure = found.filter(({ reactions }) => reactions.some((each) => isUnsure(each, userId)));
  const own = new Set(
    unsure.length === 0
      ? []
      : (
          await reader.ownReactions(
            userId,
            unsure.map(({ row }) => ({ no: row.conversationNo, seq: row.seq })),
          )
        ).map(({ no, seq, emoji }) => `${no}/${seq}/${emoji}`),
  );
  return found.map(({ row, reactions }) => {
    if (reactions.length === 0) return row;
    const isMine = ({ emoji, userIds }: ReactionSummary) =>
      userIds.includes(userId) || own.has(`${row.conversationNo}/${row.seq}/${emoji}`);
    return { ...row, reactions: JSON.stringify(reactions.map((each) => ({ ...each, mine: isMine(each) }))) };
  });
}

function isUnsure({ count, userIds }: ReactionSummary, userId: string): boolean {
  return count > userIds.length && !userIds.includes(userId);
}
