import type { FileInfo } from '../api.js';
import type { OutboxEntry } from '../store/shapes.js';

type Body = { type: string; content: Record<string, unknown> };

/** What is sent for an entry: an attachment's content is what was given, completed by what the server found in the file. */
export function contentOf(entry: OutboxEntry, file: FileInfo | undefined): Body {
  if (file === undefined) return { type: entry.type, content: entry.content };
  const { caption, durationMs, waveform } = entry.content;
  const measured = file as FileInfo & { blurhash?: string };
  const width = measured.width ?? entry.content['width'];
  const height = measured.height ?? entry.content['height'];
  const base = { fileId: file.fileId, ...(caption !== undefined && { caption }) };
  const hasSize = typeof width === 'number' && typeof height === 'number';
  const blurhash = measured.blurhash ?? entry.content['blurhash'];
  if (entry.type === 'image' && hasSize && file.contentType.startsWith('image/'))
    return { type: 'image', content: { ...base, width, height, ...(blurhash !== undefined && { blurhash }) } };
  if (entry.type === 'audio' && typeof durationMs === 'number')
    return { type: 'audio', content: { ...base, durationMs, ...(waveform !== undefined && { waveform }) } };
  if (entry.type === 'video' && hasSize && typeof durationMs === 'number')
    return { type: 'video', content: { ...base, durationMs, width, height } };
  // Without its measures it is a file like others.
  return { type: 'file', content: { ...base, name: file.name, size: file.size } };
}
