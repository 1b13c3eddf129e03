import { wholeNumber } from '@parley/platform';

export const conversationSettings = {
  PARLEY_GROUP_MEMBER_LIMIT: wholeNumber(10_000, 2, 100_000).describe(
    'Members of a group, the owner included. Rooms have no limit',
  ),
  PARLEY_CONTACT_REQUEST_DAYS: wholeNumber(14, 1, 365).describe('How long a contact request waits before it expires'),
  PARLEY_CONTACT_REQUEST_PAUSE_HOURS: wholeNumber(24, 0, 365 * 24).describe(
    'After a declined request, before the same user may ask the same again',
  ),
};

export type ConversationSettings = Record<keyof typeof conversationSettings, number>;
