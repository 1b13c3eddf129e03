import type { Attachment } from '@parley/client';
import { measureFile, type Measured } from './measure';

export type AttachmentKind = NonNullable<Attachment['type']>;

/** Something that waits for its caption. */
export interface Pending {
  id: number;
  file: File;
  kind: AttachmentKind;
}

// What every browser shows. Others, SVG with its scripts among them, go as files.
const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);
const VIDEOS = new Set(['video/mp4', 'video/webm']);
const SOUNDS = /^audio\/(mpeg|mp4|ogg|webm|wav|aac|flac|x-m4a)/;

export function kindOf(file: Pick<File, 'type'>): AttachmentKind {
  const type = file.type.split(';')[0]?.toLowerCase() ?? '';
  if (PICTURES.has(type)) return 'image';
  if (VIDEOS.has(type)) return 'video';
  return SOUNDS.test(type) ? 'audio' : 'file';
}

let last = 0;

/** An empty file cannot be sent: there is nothing to store. */
export function pendingOf(files: readonly File[]): { pending: Pending[]; empty: File[] } {
  const pending = files.filter((file) => file.size > 0).map((file) => ({ id: ++last, file, kind: kindOf(file) }));
  return { pending, empty: files.filter((file) => file.size === 0) };
}

/** What is sent: with its size in pixels or seconds where that can be found out, else as a file. */
export async function attachmentOf(
  { file, kind }: Pending,
  caption: string,
  measure: (file: File, kind: AttachmentKind) => Promise<Measured | undefined> = measureFile,
): Promise<Attachment> {
  const measured = kind === 'file' ? undefined : await measure(file, kind);
  // By its name a recording can pass for a film.
  const sound = kind === 'video' && measured !== undefined && !measured.width;
  const type = kind !== 'file' && measured === undefined ? 'file' : sound ? 'audio' : kind;
  return {
    file,
    type,
    name: file.name,
    ...(caption === '' ? {} : { caption }),
    ...(measured === undefined ? {} : { content: sound ? { durationMs: measured.durationMs ?? 0 } : { ...measured } }),
  };
}
