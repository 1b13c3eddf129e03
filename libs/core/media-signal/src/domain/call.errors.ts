import { errorOf } from '@parley/kernel';

export const callNotFound = errorOf('call.not_found', 'not_found', 'There is no such call, or you are not part of it.');
export const callNotAllowed = errorOf(
  'call.not_allowed',
  'forbidden',
  'You may not send in this conversation, or your part in the call does not allow this.',
);
export const calleeNotFound = errorOf(
  'call.callee_not_found',
  'not_found',
  'The one to call is not a member of the conversation.',
);
export const alreadyInCall = errorOf('call.already_in_call', 'conflict', 'You are in another call.');
export const groupNotSupported = errorOf(
  'call.group_not_supported',
  'precondition',
  'Calls with more than two people are not supported yet.',
);
export const callEnded = errorOf('call.ended', 'precondition', 'The call has ended.');
export const answeredElsewhere = errorOf(
  'call.answered_elsewhere',
  'conflict',
  'Another device of yours has the call.',
);
export const conversationNotFound = errorOf(
  'conversation.not_found',
  'not_found',
  'There is no such conversation, or you may not see it.',
);
export const signalTooLarge = errorOf('limit.size', 'too_large', 'A signal may have at most 64 KiB.');
export const signalInvalid = errorOf('request.invalid', 'invalid', 'The data of a signal must be JSON.');
export const tooManySignals = errorOf('server.busy', 'unavailable', 'Too much is under way in this call.');
/** Two changed the call again and again at the same moment. */
export const callBusy = errorOf('server.busy', 'unavailable', 'The call changes too fast. Try again.');
