import type { MessageItem, UploadProgress } from '@parley/client';

/** Of an attachment that is on its way; undefined when there is nothing to show of it any more. */
export function uploadOf(message: Pick<MessageItem, 'upload' | 'state'>): UploadProgress | undefined {
  return message.state === 'queued' || message.state === 'sending' ? message.upload : undefined;
}

/** What pressing the ring does. Once all bytes are there, nothing. */
export function turnOf(upload: UploadProgress | undefined): 'pause' | 'resume' | undefined {
  if (upload?.state === 'paused') return 'resume';
  return upload?.state === 'waiting' || upload?.state === 'uploading' ? 'pause' : undefined;
}

/** In percent; of an empty file everything is there. */
export function percentOf({ sent, total }: UploadProgress): number {
  return total === 0 ? 100 : Math.min(100, Math.round((sent / total) * 100));
}
