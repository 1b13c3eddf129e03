import type { FileId } from '@parley/kernel';
import { isImage } from './content-type.js';
import type { FileLimits, FileRecord } from './file.js';

/** Pixels of the longest edge. Few, so that an image has few of them. */
export const THUMBNAIL_EDGES = [64, 160, 320, 640, 1280] as const;
/** What a conversation shows first: made as soon as the image is there. */
export const FIRST_EDGE = 320;

/** making: the object may be there already. failed: nothing can be made of this file, now or later. */
export type ThumbnailState = 'making' | 'ready' | 'failed';

export interface Thumbnail {
  fileId: FileId;
  /** One of the edges above; the thumbnail of a smaller image is as small as that. */
  edge: number;
  /** Always the same for the same file and edge: of two who make it at once, one object results. */
  objectKey: string;
  state: ThumbnailState;
}

/** What decoding an image found out about it. */
export interface Look {
  /** Pixels, turned the way it is shown. */
  width: number;
  height: number;
  blurhash: string;
}

/** Whether decoding is tried at all. */
export function isDepictable(file: FileRecord, limits: FileLimits): boolean {
  const fits = file.width * file.height <= limits.decodedPixels && file.size <= limits.decodedBytes;
  return isImage(file.contentType) && fits;
}

/** The smallest that is large enough, both for what is asked and for all that the image has. */
export function edgeFor(asked: number, { width, height }: { width: number; height: number }): number {
  const wanted = Math.min(asked, Math.max(width, height));
  return THUMBNAIL_EDGES.find((edge) => edge >= wanted) ?? THUMBNAIL_EDGES[THUMBNAIL_EDGES.length - 1] ?? FIRST_EDGE;
}

export const thumbnailKeyOf = (objectKey: string, edge: number): string => `${objectKey}-${edge}`;
