import { describe, expect, it } from 'vitest';
import { avifOf, bmpOf, gifOf, jpegOf, pngOf, webpExtended, webpLossless, webpLossy } from '../testing/samples.js';
import { normalType, OPAQUE, readsAsText, servedType, settledType } from './content-type.js';
import { imageSize } from './image-size.js';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

describe('the type of a file', () => {
  it.each([
    ['image/png', 'image/png', 'image/png'],
    ['image/jpg', 'image/jpeg', 'image/jpeg'],
    // A picture with the wrong extension is still a picture, and gets its own type.
    ['image/png', 'image/jpeg', 'image/jpeg'],
    ['image/tiff', 'image/tiff', OPAQUE],
    ['audio/webm', 'video/webm', 'audio/webm'],
    ['audio/ogg; codecs=opus', 'audio/ogg', 'audio/ogg'],
    ['video/mp4', 'video/quicktime', 'video/quicktime'],
    ['audio/midi', 'audio/midi', OPAQUE],
    ['application/pdf', 'application/pdf', 'application/pdf'],
    ['application/zip', DOCX, 'application/zip'],
    [DOCX, 'application/zip', DOCX],
    ['application/msword', 'application/x-cfb', 'application/msword'],
    ['image/svg+xml', undefined, OPAQUE],
    ['text/html', undefined, OPAQUE],
    ['application/xml', 'application/xml', OPAQUE],
    ['application/x-unknown', 'image/png', OPAQUE],
    ['../../etc/passwd', undefined, OPAQUE],
    ['', undefined, OPAQUE],
  ])('said %s and looking like %s is %s', (said, found, expected) => {
    expect(settledType(said, found, false)).toBe(expected);
  });

  it.each([
    ['image/png', undefined],
    ['image/png', 'text/html'],
    ['image/png', 'application/pdf'],
    ['audio/mpeg', 'image/png'],
    ['video/mp4', undefined],
    ['application/pdf', 'application/zip'],
    ['application/gzip', 'application/zip'],
    [DOCX, 'application/x-cfb'],
    ['application/vnd.ms-excel', undefined],
    ['text/plain', 'image/png'],
    ['text/plain', undefined],
  ])('said %s and looking like %s is untrue', (said, found) => {
    expect(settledType(said, found, false)).toBeUndefined();
  });

  it('takes text for text when it reads as text', () => {
    expect(settledType('text/plain; charset=utf-8', undefined, true)).toBe('text/plain');
    expect(readsAsText(new TextEncoder().encode('Grüße\r\n\t鍵'), true)).toBe(true);
    expect(readsAsText(Uint8Array.from([0x61, 0xc3]), false)).toBe(true);
    expect(readsAsText(Uint8Array.from([0x61, 0xc3, 0x28]), true)).toBe(false);
    expect(readsAsText(Uint8Array.from([0x61, 0]), true)).toBe(false);
  });

  it('serves nothing under a type that could run', () => {
    expect(servedType('image/png')).toBe('image/png');
    expect(servedType('video/mp4')).toBe('video/mp4');
    for (const type of ['application/pdf', 'text/plain', 'text/html', 'image/svg+xml', DOCX, OPAQUE])
      expect(servedType(type)).toBe(OPAQUE);
  });

  it('takes no type that could break a header', () => {
    expect(normalType('image/png\r\nX-Evil: 1')).toBe(OPAQUE);
    expect(normalType(`image/${'a'.repeat(300)}`)).toBe(OPAQUE);
    expect(normalType(' Image/PNG ; x=y')).toBe('image/png');
  });
});

describe('the size of an image', () => {
  it.each([
    ['image/png', pngOf(640, 480)],
    ['image/gif', gifOf(640, 480)],
    ['image/jpeg', jpegOf(640, 480)],
    ['image/jpeg', jpegOf(640, 480, 60_000)],
    ['image/bmp', bmpOf(640, 480)],
    ['image/webp', webpLossy(640, 480)],
    ['image/webp', webpLossless(640, 480)],
    ['image/webp', webpExtended(640, 480)],
    ['image/avif', avifOf(640, 480)],
  ])('of %s is read from its header', (type, bytes) => {
    expect(imageSize(type, bytes)).toEqual({ width: 640, height: 480 });
  });

  it.each([
    ['image/png', pngOf(0, 5)],
    ['image/png', pngOf(5, 5).subarray(0, 18)],
    ['image/jpeg', jpegOf(5, 5).subarray(0, 14)],
    ['image/jpeg', Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0])],
    ['image/jpeg', Uint8Array.from([0xff, 0xd8, 0x00, 0xe0])],
    ['image/webp', new Uint8Array(40)],
    ['image/avif', new Uint8Array(40)],
    ['text/plain', new Uint8Array(40)],
  ])('of a broken %s is unknown', (type, bytes) => {
    expect(imageSize(type, bytes)).toBeUndefined();
  });
});
