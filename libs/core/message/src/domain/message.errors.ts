import { errorOf } from '@parley/kernel';

export const conversationNotFound = errorOf(
  'conversation.not_found',
  'not_found',
  'There is no such conversation, or you may not see it.',
);
export const messageNotFound = errorOf(
  'message.not_found',
  'not_found',
  'There is no such message, or you may not see it.',
);
export const notAMember = errorOf('message.not_a_member', 'forbidden', 'You are not a member of this conversation.');
export const muted = errorOf('message.muted', 'forbidden', 'You are muted in this conversation.');
export const adminsOnly = errorOf(
  'message.admins_only',
  'forbidden',
  'Only the owner and admins may send in this conversation.',
);
export const blocked = errorOf('message.blocked', 'forbidden', 'The other person does not accept messages from you.');
export const disbanded = errorOf('message.disbanded', 'forbidden', 'The conversation was disbanded.');
export const idempotencyConflict = errorOf(
  'message.idempotency_conflict',
  'conflict',
  'This clientMsgId was used for another message.',
);
export const notTheSender = errorOf('message.not_the_sender', 'forbidden', 'Only the sender may do this.');
export const editWindowOver = errorOf(
  'message.edit_window_over',
  'precondition',
  'It is too late to edit this message.',
);
export const recallWindowOver = errorOf(
  'message.recall_window_over',
  'precondition',
  'It is too late to recall this message.',
);
export const recalled = errorOf('message.recalled', 'precondition', 'The message was recalled.');
export const mentionAllDenied = errorOf(
  'message.mention_all_denied',
  'forbidden',
  'Only owners and admins of a group or room may mention all.',
);
export const reactionLimit = errorOf(
  'message.reaction_limit',
  'precondition',
  'The message has as many different reactions as a message may have.',
);
export const pinLimit = errorOf(
  'message.pin_limit',
  'precondition',
  'The conversation has as many pinned messages as it may have.',
);
export const roleTooLow = errorOf(
  'conversation.role_too_low',
  'forbidden',
  'Your role in the conversation does not allow it.',
);
export const typeMismatch = errorOf(
  'message.type_mismatch',
  'invalid',
  'The new content is not of the message’s type.',
);
