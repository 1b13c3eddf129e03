import type { MessageWindows } from '@parley/core-message';
import { onOff, wholeNumber } from '@parley/platform';

const DAY_SECONDS = 86_400;

export const messageSettings = {
  PARLEY_RECALL_WINDOW_SECONDS: wholeNumber(120, 0, 365 * DAY_SECONDS).describe(
    'How long a sender may recall a message; owners and admins always may',
  ),
  PARLEY_EDIT_WINDOW_SECONDS: wholeNumber(DAY_SECONDS, 0, 365 * DAY_SECONDS).describe(
    'How long a sender may edit a message',
  ),
  PARLEY_SEARCH: onOff(true).describe('Keep an index of what was said, and let members search it'),
};

export function messageWindows(
  settings: Record<'PARLEY_EDIT_WINDOW_SECONDS' | 'PARLEY_RECALL_WINDOW_SECONDS', number>,
): MessageWindows {
  return {
    editMs: settings.PARLEY_EDIT_WINDOW_SECONDS * 1000,
    recallMs: settings.PARLEY_RECALL_WINDOW_SECONDS * 1000,
  };
}
