import type { EventRow, ReactionKey, WorkingSet } from '@parley/core-message';
import { quoted, rowOf } from './sql-text.js';
import { inserts } from './statements.js';

/**
 * Writes the new state of changed messages, and the rows of their mentions, reactions and pins, and what users hid. ORDER: what
 * goes, before what comes.
 */
export function marksOf({ changedMessages, goneMentions, newMentions, newHidden, marks }: WorkingSet): string[] {
  const { cleared, goneReactions, newReactions, gonePins, newPins } = marks;
  return [
    ...[...changedMessages].map(updateMessage),
    ...goneMentions.map(
      (m) =>
        `DELETE FROM mentions WHERE user_id = ${quoted(m.userId)} AND conversation_no = ${m.conversationNo} AND seq = ${m.seq}`,
    ),
    ...inserts(
      'mentions (user_id, conversation_no, seq, sender_id)',
      newMentions.map((m) => rowOf([m.userId, m.conversationNo, m.seq, m.senderId])),
      ONCE,
    ),
    ...inserts(
      'hidden_messages (user_id, conversation_no, seq, hidden_at_seq, hidden_at)',
      newHidden.map((m) => rowOf([m.userId, m.conversationNo, m.seq, m.atSeq, m.at])),
      ONCE,
    ),
    ...[...cleared.values()].map((m) => `DELETE FROM reactions WHERE ${ofMessage(m)}`),
    ...[...goneReactions.values()].map(deleteReaction),
    ...inserts(
      'reactions (conversation_no, message_seq, user_id, emoji)',
      [...newReactions.values()].map((r) => rowOf([r.conversationNo, r.messageSeq, r.userId, r.emoji])),
      ' ON DUPLICATE KEY UPDATE emoji = VALUES(emoji)',
    ),
    ...[...gonePins.values()].map((m) => `DELETE FROM pins WHERE ${ofMessage(m)}`),
    ...inserts(
      'pins (conversation_no, message_seq, pinned_seq)',
      [...newPins.values()].map((p) => rowOf([p.conversationNo, p.messageSeq, p.pinnedSeq])),
      ' ON DUPLICATE KEY UPDATE pinned_seq = VALUES(pinned_seq)',
    ),
  ];
}

const ONCE = ' ON DUPLICATE KEY UPDATE seq = VALUES(seq)';

function ofMessage(message: { conversationNo: number; messageSeq: number }): string {
  return `conversation_no = ${message.conversationNo} AND message_seq = ${message.messageSeq}`;
}

function deleteReaction(key: ReactionKey): string {
  return `DELETE FROM reactions WHERE ${ofMessage(key)} AND user_id = ${quoted(key.userId)} AND emoji = ${quoted(key.emoji)}`;
}

function updateMessage(row: EventRow): string {
  return `UPDATE events SET data = ${quoted(row.data)}, mentions = ${quoted(row.mentions)}, edited_at = ${row.editedAt},
    recalled_at = ${row.recalledAt}, recalled_by = ${quoted(row.recalledBy)}, changed_seq = ${row.changedSeq},
    pinned_at = ${row.pinnedAt}, pinned_by = ${quoted(row.pinnedBy)}, reactions = ${quoted(row.reactions)}
    WHERE conversation_no = ${row.conversationNo} AND seq = ${row.seq}`;
}
