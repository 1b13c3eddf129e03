import { type MessageItem, type ParleyClient, until } from '@parley/client';
import { plainText } from '../message/content';

const MOST = 100;
const LONGEST = 4000;

interface Merged {
  title: string;
  items: [Item, ...Item[]];
}
interface Item {
  senderName: string;
  sentAt: string;
  type: string;
  text: string;
}

/** Messages as forwarded history: who said what, in words. */
export async function mergedOf(
  parley: ParleyClient,
  messages: readonly MessageItem[],
  title: string,
  t: (key: string) => string,
): Promise<Merged> {
  const items = await Promise.all(
    messages.slice(0, MOST).map(async (message): Promise<Item> => {
      const person = parley.people.get(message.senderId);
      const wait = new Promise<undefined>((resolve) => setTimeout(resolve, 2000, undefined));
      const known = await Promise.race([until(person, (value) => value !== undefined), wait]);
      return {
        senderName: (known?.displayName ?? t('message.somebody')).slice(0, 100),
        sentAt: message.sentAt,
        type: message.type.slice(0, 20),
        text: plainText(message, t).slice(0, LONGEST),
      };
    }),
  );
  return { title: title.slice(0, 200), items: items as [Item, ...Item[]] };
}
