import { wholeNumber } from '@parley/platform';

export const conversationSettings = {
  /** Members of a group, the owner included. Rooms have no limit. */
  PARLEY_GROUP_MEMBER_LIMIT: wholeNumber(10_000, 2, 100_000),
  PARLEY_CONTACT_REQUEST_DAYS: wholeNumber(14, 1, 365),
  /** After a declined request, before the same user may ask the same again. */
  PARLEY_CONTACT_REQUEST_PAUSE_HOURS: wholeNumber(24, 0, 365 * 24),
};

export type ConversationSettings = Record<keyof typeof conversationSettings, number>;
