import { describe, expect, it } from 'vitest';
import { byteRange } from './byte-range.js';
import { attachment, safeType } from './download-headers.js';
import { UrlSigner } from './url-signer.js';

describe('a byte range', () => {
  it.each([
    ['bytes=0-9', { start: 0, end: 9 }],
    ['bytes=90-', { start: 90, end: 99 }],
    ['bytes=90-500', { start: 90, end: 99 }],
    ['bytes=-5', { start: 95, end: 99 }],
    ['bytes=-500', { start: 0, end: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-1', undefined],
    ['bytes=0-1,5-6', undefined],
    ['bytes=-', undefined],
    ['lines=1-2', undefined],
    [undefined, undefined],
  ])('%s of 100 bytes', (header, expected) => {
    expect(byteRange(header, 100)).toEqual(expected);
  });
});

describe('the headers of a download', () => {
  it('name the file for old and new clients, and cannot be broken out of', () => {
    expect(attachment('a.png')).toBe(`attachment; filename="a.png"; filename*=UTF-8''a.png`);
    expect(attachment('Grüße "x".png')).toBe(
      `attachment; filename="Gr__e _x_.png"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%22x%22.png`,
    );
    expect(attachment("a\r\nb: c\\'(*).txt")).toBe(
      `attachment; filename="a__b: c_'(*).txt"; filename*=UTF-8''a%0D%0Ab%3A%20c%5C%27%28%2A%29.txt`,
    );
  });

  it('keep the type of pictures and sound only', () => {
    for (const type of ['image/png', 'audio/mpeg', 'video/mp4']) expect(safeType(type)).toBe(type);
    for (const type of ['image/svg+xml', 'text/html', 'application/pdf', 'image/x+xml', 'image/png\r\nx: y', ''])
      expect(safeType(type)).toBe('application/octet-stream');
  });
});

describe('a signed URL', () => {
  const signer = new UrlSigner('a secret');
  const target = { action: 'get' as const, key: 'ab/key-1', params: { exp: '2000', name: 'a&b=c.png' } };
  const url = signer.sign(target);

  it('is good for what it was signed for, until it ends', () => {
    expect(signer.verify(url, 'get', 1999)).toMatchObject({ key: 'ab/key-1', params: { name: 'a&b=c.png' } });
    expect(signer.verify(url, 'get', 2000)).toBeUndefined();
    expect(signer.verify(url, 'put', 1000)).toBeUndefined();
    expect(new UrlSigner('another secret').verify(url, 'get', 1000)).toBeUndefined();
  });

  it.each([
    ['another key', url.replace('key-1', 'key-2')],
    ['a key above', url.replace('ab/key-1', 'ab/../ab/key-2')],
    ['a later end', url.replace('exp=2000', 'exp=9000')],
    ['another action', url.replace('act=get', 'act=put')],
    ['a parameter more', `${url}&x=1`],
    ['a parameter twice', `${url}&exp=9000`],
    ['a longer signature', url.replace(/sig=([^&]+)/, 'sig=$1x')],
    ['an empty signature', url.replace(/sig=[^&]+/, 'sig=')],
    ['no signature', url.replace(/&?sig=[^&]+/, '')],
    ['another path', url.replace('/objects/', '/object/')],
    ['no URL', 'http://['],
  ])('is void with %s', (_, changed) => {
    expect(signer.verify(changed, 'get', 1000)).toBeUndefined();
    expect(signer.verify(changed, 'put', 1000)).toBeUndefined();
  });

  it('is not made for keys that could leave the folder', () => {
    for (const key of ['../x', 'a/../../x', '/x', 'a//b', 'a.b', ''])
      expect(() => signer.sign({ ...target, key })).toThrow('object key');
  });
});
