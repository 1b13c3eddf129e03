import type { Contact, ContactRequest } from '@parley/client';

export type Relation =
  | { kind: 'me' | 'none' }
  | { kind: 'contact'; contact: Contact }
  | { kind: 'incoming' | 'outgoing'; request: ContactRequest };

interface Book {
  me: string;
  contacts: readonly Contact[];
  incoming: readonly ContactRequest[];
  outgoing: readonly ContactRequest[];
}

/** What somebody is to me. Being blocked is apart from it. */
export function relationOf(userId: string, { me, contacts, incoming, outgoing }: Book): Relation {
  if (userId === me) return { kind: 'me' };
  const contact = contacts.find((one) => one.userId === userId);
  if (contact !== undefined) return { kind: 'contact', contact };
  const asked = incoming.find((one) => one.fromUserId === userId && one.state === 'pending');
  if (asked !== undefined) return { kind: 'incoming', request: asked };
  const asking = outgoing.find((one) => one.toUserId === userId && one.state === 'pending');
  return asking === undefined ? { kind: 'none' } : { kind: 'outgoing', request: asking };
}

/** The name I gave somebody, else their own. */
export function contactName(contact: Contact): string {
  return contact.remark.trim() || (contact.user?.displayName ?? '');
}

/** By name, as the language sorts names; who has none yet comes last. */
export function sortedContacts(contacts: readonly Contact[], locale: string): readonly Contact[] {
  const { compare } = new Intl.Collator(locale, { sensitivity: 'base', numeric: true });
  return [...contacts].sort((a, b) => {
    const [left, right] = [contactName(a), contactName(b)];
    if (left === '' || right === '') return Number(left === '') - Number(right === '');
    return compare(left, right);
  });
}
