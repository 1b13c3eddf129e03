/** The smallest beginnings of images that have a size. Not whole images: nothing here decodes them. */
export function pngOf(width: number, height: number, extra = 0): Uint8Array {
  const bytes = new Uint8Array(33 + extra);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  bytes.set([8, 6, 0, 0, 0], 24);
  return bytes;
}

export function gifOf(width: number, height: number): Uint8Array {
  return Uint8Array.from([
    0x47,
    0x49,
    0x46,
    0x38,
    0x39,
    0x61,
    width & 255,
    width >> 8,
    height & 255,
    height >> 8,
    0,
    0,
    0,
  ]);
}

/** With a comment before the frame header, as cameras put their previews there. */
export function jpegOf(width: number, height: number, comment = 10): Uint8Array {
  const frame = [
    0xff,
    0xc0,
    0,
    17,
    8,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    3,
    1,
    0x22,
    0,
    2,
    0x11,
    1,
    3,
    0x11,
    1,
  ];
  return Uint8Array.from([
    ...[0xff, 0xd8, 0xff, 0xfe, (comment + 2) >> 8, (comment + 2) & 255],
    ...new Array<number>(comment).fill(0x20),
    0xff,
    ...frame,
  ]);
}

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));
const riff = (kind: string, rest: number[]) =>
  Uint8Array.from([...ascii('RIFF'), 0, 0, 0, 0, ...ascii('WEBP'), ...ascii(kind), ...rest]);
const le = (value: number, bytes: number) => Array.from({ length: bytes }, (_, at) => (value >>> (8 * at)) & 255);
const be = (value: number) => le(value, 4).reverse();

export const webpLossy = (width: number, height: number) =>
  riff('VP8 ', [...le(10, 4), 0, 0, 0, 0x9d, 0x01, 0x2a, ...le(width, 2), ...le(height, 2)]);
export const webpLossless = (width: number, height: number) =>
  riff('VP8L', [...le(10, 4), 0x2f, ...le((width - 1) | ((height - 1) << 14), 4)]);
export const webpExtended = (width: number, height: number) =>
  riff('VP8X', [...le(10, 4), 0, 0, 0, 0, ...le(width - 1, 3), ...le(height - 1, 3)]);
export const bmpOf = (width: number, height: number) =>
  Uint8Array.from([...ascii('BM'), ...le(0, 12), ...le(40, 4), ...le(width, 4), ...le(-height, 4)]);
/** A container with a tile of 512 × 512 before the picture itself. */
export const avifOf = (width: number, height: number) =>
  Uint8Array.from([
    ...[...be(24), ...ascii('ftypavif'), 0, 0, 0, 0, ...ascii('avifmif1')],
    ...[...be(20), ...ascii('ispe'), 0, 0, 0, 0, ...be(512), ...be(512)],
    ...[...be(20), ...ascii('ispe'), 0, 0, 0, 0, ...be(width), ...be(height)],
  ]);
export const textOf = (text: string): Uint8Array => new TextEncoder().encode(text);
