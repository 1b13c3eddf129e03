import type { FileLimits } from '@parley/core-file';
import { wholeNumber } from '@parley/platform';

const MIB = 1024 ** 2;
/** Larger images are no photographs any more, and all of one is held in memory. */
const DECODED_BYTES = 32 * MIB;
const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;

export const fileSettings = {
  PARLEY_FILE_MAX_BYTES: wholeNumber(100 * MIB, 1, 1024 * 1024 * MIB).describe('Largest file'),
  PARLEY_FILE_QUOTA_BYTES: wholeNumber(1024 * MIB, 1, 1024 * 1024 * 1024 * MIB).describe(
    'All files of one user together',
  ),
  PARLEY_FILE_PART_BYTES: wholeNumber(16 * MIB, 5 * MIB, 4096 * MIB).describe(
    'Larger files go up in parts of at least this size, which can be sent at once and one by one again',
  ),
  PARLEY_FILE_MAX_PIXELS: wholeNumber(100_000_000, 1, 10_000_000_000).describe('Width times height of an image'),
  PARLEY_FILE_THUMBNAIL_PIXELS: wholeNumber(50_000_000, 1, 1_000_000_000).describe(
    'Width times height up to which an image is decoded for thumbnails; it takes up to 8 bytes of memory each',
  ),
  PARLEY_FILE_THUMBNAILS_AT_ONCE: wholeNumber(2, 1, 32).describe(
    'Images that are decoded at the same time, each in a process that is there while it is needed',
  ),
  PARLEY_FILE_UPLOAD_TTL_SECONDS: wholeNumber(900, 10, 24 * 3600).describe('How long an upload ticket works'),
  PARLEY_FILE_DOWNLOAD_TTL_SECONDS: wholeNumber(300, 5, 3600).describe('How long a download link works'),
  PARLEY_FILE_ABANDONED_HOURS: wholeNumber(24, 1, 24 * 30).describe(
    'Uploads that nobody completed are collected after this time',
  ),
};

export type FileSettings = Record<keyof typeof fileSettings, number>;

export function fileLimits(settings: FileSettings): FileLimits {
  return {
    maxBytes: settings.PARLEY_FILE_MAX_BYTES,
    quotaBytes: settings.PARLEY_FILE_QUOTA_BYTES,
    partBytes: settings.PARLEY_FILE_PART_BYTES,
    maxPixels: settings.PARLEY_FILE_MAX_PIXELS,
    decodedPixels: settings.PARLEY_FILE_THUMBNAIL_PIXELS,
    decodedBytes: DECODED_BYTES,
    uploadTtlMs: settings.PARLEY_FILE_UPLOAD_TTL_SECONDS * SECOND_MS,
    downloadTtlMs: settings.PARLEY_FILE_DOWNLOAD_TTL_SECONDS * SECOND_MS,
    // A ticket that still works is never abandoned.
    abandonedAfterMs: Math.max(
      settings.PARLEY_FILE_ABANDONED_HOURS * HOUR_MS,
      2 * settings.PARLEY_FILE_UPLOAD_TTL_SECONDS * SECOND_MS,
    ),
  };
}
