import type { ParleyClient } from '@parley/client';

/** The server answers as an attachment: the page stays where it is. */
export async function download(parley: ParleyClient, fileId: string, name: string): Promise<void> {
  const link = document.createElement('a');
  link.href = await parley.files.url(fileId);
  link.download = name;
  link.rel = 'noopener';
  link.click();
}
