import { errorOf } from '@parley/kernel';

export const contactNotFound = errorOf('contact.not_found', 'not_found', 'The user is not among your contacts.');
export const alreadyContact = errorOf('contact.already', 'already_exists', 'The user is a contact of yours.');
export const notWithOneself = errorOf('contact.self', 'invalid', 'You cannot do this to yourself.');
export const requestNotFound = errorOf('contact.request_not_found', 'not_found', 'There is no such request to you.');
export const requestOver = errorOf('contact.request_over', 'precondition', 'The request was answered or has expired.');
export const requestPaused = errorOf(
  'contact.request_paused',
  'rate_limited',
  'Your last request was declined a short while ago.',
);
