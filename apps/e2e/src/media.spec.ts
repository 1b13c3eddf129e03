import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Person, people } from './support/people.js';
import { linkOf, uploadAs } from './support/uploads.js';
import { useServer } from './support/use-server.js';

const ORIGIN = 'https://elsewhere.example.org';
const WEBM = '1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701ffffffffffffff';
const MP4 = '000000246674797069736f6d0000020069736f6d69736f3669736f32767030396d7034310000025d6d6f6f76';
const OGG = `4f67675300020000000000000000010000000000000000000000011e${Buffer.from('OpusHead').toString('hex')}0101`;
const WAV = `52494646240800005741564566 6d742010000000010001`.replaceAll(' ', '');
// What recorders of browsers begin with: the first four as Chromium wrote them.
const RECORDINGS: [said: string, head: string, served: string][] = [
  ['audio/webm;codecs=opus', WEBM, 'audio/webm'],
  ['audio/mp4;codecs=opus', MP4, 'audio/mp4'],
  ['video/webm;codecs=vp8,opus', WEBM, 'video/webm'],
  ['video/mp4;codecs=vp9,opus', MP4, 'video/mp4'],
  ['audio/ogg;codecs=opus', OGG, 'audio/ogg'],
  ['audio/ogg; codecs=opus', OGG, 'audio/ogg'],
  ['audio/wav', WAV, 'audio/wav'],
  ['audio/x-wav', WAV, 'audio/wav'],
  ['audio/mpeg', `49443304000000000000fffb9064${'00'.repeat(413)}fffb9064`, 'audio/mpeg'],
  ['audio/mp3', `fffb9064${'00'.repeat(413)}fffb9064`, 'audio/mpeg'],
  ['audio/mp4', '00000020667479704d344120000002004d344120', 'audio/mp4'],
  ['audio/x-m4a', '00000020667479704d344120000002004d344120', 'audio/mp4'],
  ['video/quicktime', '0000001466747970717420200000020071742020', 'video/quicktime'],
];

describe('sound and moving pictures for browsers', () => {
  const server = useServer('media');
  let alice: Person;

  beforeAll(async () => {
    [alice] = (await people(server.current, 'alice')) as [Person];
  });

  it.each(RECORDINGS)('keep the type %s', async (said, head, served) => {
    const bytes = Buffer.concat([Buffer.from(head, 'hex'), Buffer.alloc(2000)]);
    const file = await uploadAs(alice, bytes, said);
    expect(file).toMatchObject({ state: 'ready', contentType: served });
    const answer = await fetch(await linkOf(alice, file.fileId), { headers: { range: 'bytes=0-1' } });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-type')).toBe(served);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('can be sought in: any range of a large one, as players ask for it', async () => {
    const bytes = Buffer.concat([Buffer.from(WEBM, 'hex'), randomBytes(3_000_000)]);
    const { fileId } = await uploadAs(alice, bytes, 'video/webm');
    const url = await linkOf(alice, fileId);
    const ask = async (range: string) => {
      const answer = await fetch(url, { headers: { range, origin: ORIGIN } });
      return { answer, body: Buffer.from(await answer.arrayBuffer()) };
    };
    const first = await ask('bytes=0-');
    expect(first.answer.status).toBe(206);
    expect(first.answer.headers.get('content-range')).toBe(`bytes 0-${bytes.length - 1}/${bytes.length}`);
    expect(first.body.equals(bytes)).toBe(true);
    const middle = await ask('bytes=1500000-1600000');
    expect(middle.answer.headers.get('content-length')).toBe('100001');
    expect(middle.body.equals(bytes.subarray(1_500_000, 1_600_001))).toBe(true);
    expect((await ask('bytes=-500')).body.equals(bytes.subarray(-500))).toBe(true);
    expect((await ask(`bytes=${bytes.length}-`)).answer.status).toBe(416);
    expect(first.answer.headers.get('accept-ranges')).toBe('bytes');
  });

  it('are loaded and uploaded by pages of allowed origins', async () => {
    const bytes = Buffer.concat([Buffer.from(WEBM, 'hex'), randomBytes(1000)]);
    const { upload } = await alice.api.post<{ upload: { url: string; headers: Record<string, string> } }>('/files', {
      ...{ name: 'a.webm', size: bytes.length, contentType: 'video/webm' },
    });
    const asked = Object.keys(upload.headers).join(', ');
    const preflight = await fetch(upload.url, {
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-method': 'PUT', 'access-control-request-headers': asked },
    });
    expect(preflight.ok).toBe(true);
    const allowed = (name: string) => preflight.headers.get(`access-control-allow-${name}`)?.toLowerCase() ?? '';
    expect(allowed('origin')).toBe(ORIGIN);
    expect(allowed('methods')).toContain('put');
    for (const name of Object.keys(upload.headers)) expect(allowed('headers')).toContain(name);
    const put = await fetch(upload.url, {
      method: 'PUT',
      headers: { ...upload.headers, origin: ORIGIN },
      body: new Uint8Array(bytes),
    });
    expect([put.status, put.headers.get('access-control-allow-origin')]).toEqual([200, ORIGIN]);
    expect(put.headers.get('access-control-expose-headers')?.toLowerCase()).toContain('etag');
  });

  it('have an API that pages of allowed origins may change things by', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const preflight = await fetch(`${server.current.url}/api/v1/users/me`, {
        method: 'OPTIONS',
        headers: { origin: ORIGIN, 'access-control-request-method': method },
      });
      expect(preflight.headers.get('access-control-allow-methods'), method).toContain(method);
    }
  });

  it('are shown within pages: nothing forbids another origin to load them', async () => {
    const { fileId } = await uploadAs(alice, Buffer.from(`${WEBM}${'00'.repeat(100)}`, 'hex'), 'audio/webm');
    const answer = await fetch(await linkOf(alice, fileId), { headers: { origin: ORIGIN } });
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    await answer.body?.cancel();
  });
});
