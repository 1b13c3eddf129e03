import { errorOf } from '@parley/kernel';

export const conversationNotFound = errorOf(
  'conversation.not_found',
  'not_found',
  'There is no such conversation, or you may not see it.',
);
export const roleTooLow = errorOf(
  'conversation.role_too_low',
  'forbidden',
  'Your role in the conversation does not allow it.',
);
export const fixedConversation = errorOf(
  'conversation.fixed',
  'precondition',
  'Direct conversations and notes to oneself have fixed members and no settings of their own.',
);
export const conversationFull = errorOf(
  'conversation.full',
  'precondition',
  'The group has as many members as a group may have.',
);
export const conversationDisbanded = errorOf(
  'conversation.disbanded',
  'precondition',
  'The conversation was disbanded.',
);
export const removedMember = errorOf(
  'conversation.removed_member',
  'forbidden',
  'You were removed from the conversation and cannot come back by yourself.',
);
export const memberNotFound = errorOf(
  'conversation.member_not_found',
  'not_found',
  'The user is not a member of the conversation.',
);
export const idempotencyConflict = errorOf(
  'conversation.idempotency_conflict',
  'conflict',
  'This Idempotency-Key was used for another conversation.',
);
export const invitationNotFound = errorOf(
  'invitation.not_found',
  'not_found',
  'There is no such invitation, or it no longer holds.',
);
export const invitationExpired = errorOf('invitation.expired', 'precondition', 'The invitation has expired.');
export const invitationUsedUp = errorOf(
  'invitation.used_up',
  'precondition',
  'The invitation was used as often as it may be.',
);
export const userNotFound = errorOf('user.not_found', 'not_found', 'There is no such user.');
/** The change is committed here and will enter the log by the sweep; until then it must not be answered as done. */
export const logUnavailable = errorOf(
  'server.unavailable',
  'unavailable',
  'The change is saved but not in force yet. Try again: a repeat changes nothing twice.',
);
