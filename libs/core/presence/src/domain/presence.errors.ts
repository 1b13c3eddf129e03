import { errorOf } from '@parley/kernel';

/** Absent and forbidden look alike. */
export const conversationNotFound = errorOf(
  'conversation.not_found',
  'not_found',
  'There is no such conversation, or you may not see it.',
);
export const tooManyWatched = errorOf('limit.size', 'too_large', 'A session may watch at most 1000 users.');
