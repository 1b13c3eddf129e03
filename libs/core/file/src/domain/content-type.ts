/** What nobody vouches for: any bytes, to be saved and never to be shown. */
export const OPAQUE = 'application/octet-stream';

const IMAGES = new Set([
  'image/png',
  'image/apng',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'image/heic',
  'image/heif',
]);
const MEDIA = new Set([
  'audio/mpeg',
  'audio/mp4',
  'audio/aac',
  'audio/ogg',
  'audio/opus',
  'audio/wav',
  'audio/flac',
  'audio/webm',
  'audio/amr',
  'video/mp4',
  'video/webm',
  'video/quicktime',
  'video/ogg',
  'video/matroska',
]);
const ARCHIVES = new Set([
  'application/zip',
  'application/gzip',
  'application/x-7z-compressed',
  'application/x-rar-compressed',
  'application/x-tar',
]);
const OOXML = 'application/vnd.openxmlformats-officedocument.';
const OPEN_DOCUMENT = 'application/vnd.oasis.opendocument.';
const OLD_OFFICE = new Set(['application/msword', 'application/vnd.ms-excel', 'application/vnd.ms-powerpoint']);
const COMPOUND_FILE = 'application/x-cfb';
const TEXTS = new Set(['text/plain', 'text/csv', 'text/markdown']);

/** Other names of the same thing, as browsers and sniffers use them. */
const SAME: Record<string, string> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-ms-bmp': 'image/bmp',
  'image/heic-sequence': 'image/heic',
  'image/heif-sequence': 'image/heif',
  'audio/mp3': 'audio/mpeg',
  'audio/x-m4a': 'audio/mp4',
  'audio/m4a': 'audio/mp4',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-flac': 'audio/flac',
  'audio/x-aac': 'audio/aac',
  'audio/ogg; codecs=opus': 'audio/ogg',
  'video/x-m4v': 'video/mp4',
  'video/x-matroska': 'video/matroska',
  'application/ogg': 'audio/ogg',
  'application/x-zip-compressed': 'application/zip',
  'application/x-gzip': 'application/gzip',
  'application/vnd.rar': 'application/x-rar-compressed',
};

export function normalType(given: string): string {
  const type = given.trim().toLowerCase();
  const known = SAME[type];
  if (known !== undefined) return known;
  const bare = type.split(';', 1)[0]?.trim() ?? '';
  if (!/^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}$/.test(bare)) return OPAQUE;
  return SAME[bare] ?? bare;
}

/**
 * The type that a file gets, from what its owner said, what its first bytes show (`found`) and whether they read as text.
 * A type on the list must be what it says; what is on no list is kept as opaque bytes. Undefined: the owner said something untrue.
 */
export function settledType(declared: string, found: string | undefined, isText: boolean): string | undefined {
  const said = normalType(declared);
  const is = found === undefined ? undefined : normalType(found);
  const [family] = said.split('/', 1);
  // Markup can carry scripts. It is never shown, whatever it calls itself.
  if (said === 'image/svg+xml') return OPAQUE;
  if (family === 'image') return is !== undefined && is.startsWith('image/') ? listed(IMAGES, is) : undefined;
  if (family === 'audio' || family === 'video') return settledMedia(said, is);
  if (said === 'application/pdf') return is === said ? said : undefined;
  if (ARCHIVES.has(said)) return is === said || (said === 'application/zip' && isZip(is)) ? said : undefined;
  if (said.startsWith(OOXML) || said.startsWith(OPEN_DOCUMENT)) return isZip(is) ? said : undefined;
  if (OLD_OFFICE.has(said)) return is === COMPOUND_FILE || isZip(is) ? said : undefined;
  if (TEXTS.has(said)) return is === undefined && isText ? said : undefined;
  return OPAQUE;
}

/** The type to answer a download with. Only images, audio and video that browsers show without running anything keep theirs. */
export function servedType(contentType: string): string {
  return IMAGES.has(contentType) || MEDIA.has(contentType) ? contentType : OPAQUE;
}

export const isImage = (contentType: string): boolean => IMAGES.has(contentType);

/** Sound and moving pictures share containers, so `audio/webm` may look like `video/webm` from outside. */
function settledMedia(said: string, is: string | undefined): string | undefined {
  if (is === undefined || !/^(audio|video)\//.test(is)) return undefined;
  const [, saidKind] = said.split('/', 2);
  const [, isKind] = is.split('/', 2);
  return saidKind === isKind ? listed(MEDIA, said) : listed(MEDIA, is);
}

const listed = (list: ReadonlySet<string>, type: string) => (list.has(type) ? type : OPAQUE);
/** Office documents and packages of apps are zip archives inside. */
const isZip = (is: string | undefined) =>
  is !== undefined && (is === 'application/zip' || is.startsWith(OOXML) || is.startsWith(OPEN_DOCUMENT));

/** UTF-8 without control characters other than white space, at least as far as `head` goes. */
export function readsAsText(head: Uint8Array, isWhole: boolean): boolean {
  const control = /(?![\t\n\f\r\u0080-\u009f])\p{Cc}/u;
  try {
    // `stream` leaves a character that is cut at the end of the head alone.
    return !control.test(new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !isWhole }));
  } catch {
    return false;
  }
}
