import type { Person } from './people.js';

export interface FileObject {
  fileId: string;
  size: number;
  state: string;
  contentType: string;
  width?: number;
  height?: number;
  blurhash?: string;
}

interface Ticket {
  file: FileObject;
  upload: { method: string; url: string; headers: Record<string, string> };
}

/** Announces, uploads and completes, as a client does. */
export async function uploadAs(who: Person, bytes: Uint8Array, contentType: string, name = 'a'): Promise<FileObject> {
  const { file, upload } = await who.api.post<Ticket>('/files', { name, size: bytes.length, contentType });
  const sent = await fetch(upload.url, { method: upload.method, headers: upload.headers, body: new Uint8Array(bytes) });
  if (!sent.ok) throw new Error(`The upload was refused: ${sent.status} ${await sent.text()}`);
  return who.api.post<FileObject>(`/files/${file.fileId}/complete`);
}

/** Where a file, or its thumbnail, is to be had now. */
export async function linkOf(who: Person, fileId: string, path = '/download?as=json'): Promise<string> {
  return (await who.api.get<{ url: string }>(`/files/${fileId}${path}`)).url;
}
