import type { MessageItem } from '@parley/client';

/** What one line says of a message: the icon and the word of its kind, and words of its own. */
export interface Preview {
  kind: 'text' | 'image' | 'file' | 'audio' | 'video' | 'location' | 'contact' | 'merged' | 'recalled' | 'other';
  /** Of the author: one line, as it was written. Empty: the name of the kind stands for it. */
  text: string;
}

const WORDS: Readonly<Record<string, { kind: Preview['kind']; field: string }>> = {
  text: { kind: 'text', field: 'text' },
  system: { kind: 'text', field: 'text' },
  image: { kind: 'image', field: 'caption' },
  file: { kind: 'file', field: 'name' },
  audio: { kind: 'audio', field: 'caption' },
  video: { kind: 'video', field: 'caption' },
  location: { kind: 'location', field: 'title' },
  contact: { kind: 'contact', field: '' },
  merged: { kind: 'merged', field: 'title' },
};

export function previewOf(message: Pick<MessageItem, 'type' | 'content' | 'recalledAt' | 'localFile'>): Preview {
  if (message.recalledAt !== undefined) return { kind: 'recalled', text: '' };
  const known = WORDS[message.type];
  if (known === undefined) return { kind: 'other', text: '' };
  // A file on its way has its name in itself.
  const own = known.kind === 'file' ? (message.localFile as Partial<File> | undefined)?.name : undefined;
  return { kind: known.kind, text: oneLine(message.content?.[known.field] ?? own) };
}

function oneLine(text: unknown): string {
  return typeof text === 'string' ? text.slice(0, 400).replace(/\s+/gu, ' ').trim() : '';
}
