import type { MessageItem } from '@parley/client';

/** Contents as they are meant, read with care: what another client wrote may be anything. */
export interface Picture {
  fileId: string | undefined;
  width: number;
  height: number;
  blurhash: string | undefined;
  caption: string;
}
export interface Recording {
  fileId: string | undefined;
  durationMs: number;
  waveform: readonly number[];
  caption: string;
}
export interface MergedItem {
  senderName: string;
  sentAt: string;
  type: string;
  text: string;
}

type Content = Record<string, unknown>;

export function textIn(content: Content | undefined, field: string): string {
  const value = content?.[field];
  return typeof value === 'string' ? value : '';
}

export function numberIn(content: Content | undefined, field: string): number {
  const value = content?.[field];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

export function fileIdOf(message: MessageItem): string | undefined {
  return textIn(message.content, 'fileId') || undefined;
}

export function pictureOf({ content }: MessageItem): Picture {
  return {
    fileId: textIn(content, 'fileId') || undefined,
    width: numberIn(content, 'width'),
    height: numberIn(content, 'height'),
    blurhash: textIn(content, 'blurhash') || undefined,
    caption: textIn(content, 'caption'),
  };
}

export function recordingOf({ content }: MessageItem): Recording {
  const waveform = content?.['waveform'];
  return {
    fileId: textIn(content, 'fileId') || undefined,
    durationMs: numberIn(content, 'durationMs'),
    waveform: Array.isArray(waveform) ? waveform.filter((bar): bar is number => typeof bar === 'number') : [],
    caption: textIn(content, 'caption'),
  };
}

export function mergedItemsOf({ content }: MessageItem): MergedItem[] {
  const items = content?.['items'];
  if (!Array.isArray(items)) return [];
  return items.map((item: Content) => ({
    senderName: textIn(item, 'senderName'),
    sentAt: textIn(item, 'sentAt'),
    type: textIn(item, 'type'),
    text: textIn(item, 'text'),
  }));
}

const LARGEST = 320;
const SMALLEST = 96;

/** The box of a picture in a bubble, in CSS pixels: known before it is loaded, so that nothing moves when it is. */
export function boxOf(width: number, height: number): { width: number; height: number } {
  if (width <= 0 || height <= 0) return { width: 240, height: 180 };
  const scale = Math.min(1, LARGEST / width, LARGEST / height);
  return {
    width: Math.round(Math.max(SMALLEST, Math.min(LARGEST, width * scale))),
    height: Math.round(Math.max(SMALLEST, Math.min(LARGEST, height * scale))),
  };
}

const KINDS = new Set(['image', 'file', 'audio', 'video', 'location', 'contact', 'merged']);

/** A message in one line, for quotes, pins, forwarded history and clients that do not know its type. */
export function plainText(message: MessageItem, t: (key: string) => string): string {
  const { type, content } = message;
  if (message.recalledAt !== undefined) return t('message.recalled');
  if (type === 'text') return textIn(content, 'text');
  const said = textIn(content, 'caption') || textIn(content, 'title');
  const name = type === 'file' ? textIn(content, 'name') : '';
  const kind = t(`message.kind.${KINDS.has(type) ? type : 'other'}`);
  return [kind, name, said].filter((part) => part !== '').join(' · ');
}
