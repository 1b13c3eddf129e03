import type { WorkingSet } from '@parley/core-message';
import type { Statements } from './sqlite-statements.js';

/** Writes the new state of changed messages, and the rows of their mentions, reactions and pins. ORDER: what goes, before what comes. */
export function writeMarks(sql: Statements, { changedMessages, goneMentions, marks }: WorkingSet): void {
  for (const row of changedMessages)
    sql.saveMessage.run(
      row.data,
      row.mentions,
      row.editedAt,
      row.recalledAt,
      row.recalledBy,
      row.changedSeq,
      row.pinnedAt,
      row.pinnedBy,
      row.reactions,
      row.conversationNo,
      row.seq,
    );
  for (const m of goneMentions) sql.deleteMention.run(m.userId, m.conversationNo, m.seq);
  for (const m of marks.cleared.values()) sql.deleteReactions.run(m.conversationNo, m.messageSeq);
  for (const r of marks.goneReactions.values())
    sql.deleteReaction.run(r.conversationNo, r.messageSeq, r.userId, r.emoji);
  for (const r of marks.newReactions.values())
    sql.insertReaction.run(r.conversationNo, r.messageSeq, r.userId, r.emoji);
  for (const p of marks.gonePins.values()) sql.deletePin.run(p.conversationNo, p.messageSeq);
  for (const p of marks.newPins.values()) sql.insertPin.run(p.conversationNo, p.messageSeq, p.pinnedSeq);
}
