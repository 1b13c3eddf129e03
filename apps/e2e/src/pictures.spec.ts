import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from './support/device.js';
import { type Person, people } from './support/people.js';
import { linkOf, uploadAs } from './support/uploads.js';
import { useServer } from './support/use-server.js';

const photo = (width = 1000, height = 500) =>
  sharp({ create: { width, height, channels: 3, background: 'teal' } }).jpeg({ quality: 90 });
const code = async (who: Person, method: string, path: string, body?: unknown) =>
  (await who.api.refusal(method, path, body)).code;

describe('pictures', () => {
  const server = useServer('pictures');
  let alice: Person;
  let bob: Person;
  let carol: Person;
  const readable = async (who: Person, fileId: string) => {
    for (const path of ['', '/download?as=json', '/thumbnail?size=64&as=json'])
      expect((await who.api.call('GET', `/files/${fileId}${path}`)).status, path).toBe(200);
  };
  const closed = async (who: Person, fileId: string) => {
    for (const path of ['', '/download', '/download?as=json', '/thumbnail?size=64', '/thumbnail?size=64&as=json'])
      expect(await code(who, 'GET', `/files/${fileId}${path}`), path).toBe('file.not_found');
  };

  beforeAll(async () => {
    [alice, bob, carol] = (await people(server.current, 'alice', 'bob', 'carol')) as [Person, Person, Person];
  });

  it('have thumbnails of each size, turned and without metadata, for those who may see them', async () => {
    const bytes = await photo()
      .withMetadata({ orientation: 6 })
      .withExifMerge({ IFD0: { Make: 'Cam' } })
      .toBuffer();
    const file = await uploadAs(alice, bytes, 'image/jpeg', 'holiday.jpg');
    expect(file).toMatchObject({ width: 500, height: 1000, blurhash: expect.stringMatching(/^.{20,40}$/) });
    const conversationId = await alice.directWith(bob);
    const content = { fileId: file.fileId, width: 500, height: 1000, blurhash: file.blurhash };
    await (await alice.connect()).request('message:send', {
      ...{ conversationId, clientMsgId: newId(), type: 'image', content },
    });
    for (const [asked, height] of [
      [1, 64],
      [64, 64],
      [100, 160],
      [1280, 1000],
    ] as const) {
      const answer = await fetch(await linkOf(bob, file.fileId, `/thumbnail?size=${asked}&as=json`));
      expect(answer.headers.get('content-type')).toBe('image/webp');
      expect(answer.headers.get('content-disposition')).toContain('holiday.webp');
      const found = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
      expect(found, String(asked)).toMatchObject({ format: 'webp', height, width: height / 2 });
      expect(found.exif).toBeUndefined();
    }
    const redirect = await bob.api.call('GET', `/files/${file.fileId}/thumbnail`);
    expect(redirect.status).toBe(302);
    expect(redirect.headers.get('cache-control')).toContain('no-store');
    expect((await fetch(new URL(redirect.headers.get('location') as string, server.current.url))).status).toBe(200);
    await closed(carol, file.fileId);
    for (const size of ['0', '1281', '-1', 'x', '1e3'])
      expect(await code(alice, 'GET', `/files/${file.fileId}/thumbnail?size=${size}`), size).toBe('request.invalid');
    const link = await linkOf(bob, file.fileId, '/thumbnail?size=64&as=json');
    await alice.api.delete(`/files/${file.fileId}`);
    expect((await fetch(link)).status).toBe(404);
  });

  it('that are broken, or no pictures, are files without thumbnails', async () => {
    const whole = await photo().toBuffer();
    const broken = await uploadAs(alice, whole.subarray(0, 700), 'image/jpeg');
    expect(broken.blurhash).toBeUndefined();
    const text = await uploadAs(alice, Buffer.from('hello'), 'text/plain');
    const svg = await uploadAs(alice, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml');
    for (const { fileId } of [broken, text, svg])
      expect(await code(alice, 'GET', `/files/${fileId}/thumbnail?size=320`)).toBe('file.no_thumbnail');
  });

  it('answer many who ask for the same at once with the same picture', async () => {
    const file = await uploadAs(alice, await photo(900, 600).toBuffer(), 'image/jpeg');
    const links = await Promise.all(
      Array.from({ length: 8 }, () => linkOf(alice, file.fileId, '/thumbnail?size=640&as=json')),
    );
    const paths = new Set(links.map((link) => new URL(link).pathname));
    expect(paths.size).toBe(1);
  });

  it('of users are seen by everybody who is logged in, until they are taken away', async () => {
    const face = await uploadAs(alice, await photo(200, 200).toBuffer(), 'image/jpeg');
    await closed(carol, face.fileId);
    await alice.api.patch('/users/me', { avatarFileId: face.fileId });
    await readable(carol, face.fileId);
    expect((await carol.api.call('GET', `/files/${face.fileId}`, { token: null })).status).toBe(401);
    expect(await code(carol, 'DELETE', `/files/${face.fileId}`)).toBe('file.not_found');
    await alice.api.patch('/users/me', { avatarFileId: null });
    await closed(carol, face.fileId);
  });

  it('of somebody else cannot be opened by calling them my avatar', async () => {
    const secret = await uploadAs(alice, await photo(200, 200).toBuffer(), 'image/jpeg');
    expect(await code(carol, 'PATCH', '/users/me', { avatarFileId: secret.fileId })).toBe('file.not_found');
    const group = await carol.group('Hers');
    expect(await code(carol, 'PATCH', `/conversations/${group}`, { avatarFileId: secret.fileId })).toBe(
      'file.not_found',
    );
    // Nor by those who may read it, because it was sent to them.
    const conversationId = await alice.directWith(carol);
    await (await alice.connect()).request('message:send', {
      ...{ conversationId, clientMsgId: newId(), type: 'image' },
      content: { fileId: secret.fileId, width: 200, height: 200 },
    });
    await readable(carol, secret.fileId);
    expect(await code(carol, 'PATCH', '/users/me', { avatarFileId: secret.fileId })).toBe('file.not_found');
    await closed(bob, secret.fileId);
  });

  it('have to be pictures to be avatars', async () => {
    const text = await uploadAs(alice, Buffer.from('hello'), 'text/plain');
    expect(await code(alice, 'PATCH', '/users/me', { avatarFileId: text.fileId })).toBe('file.not_an_image');
    expect(await code(alice, 'PATCH', '/users/me', { avatarFileId: 'nothing' })).toBe('file.not_found');
    expect((await alice.api.get<{ avatarFileId?: string }>('/users/me')).avatarFileId).toBeUndefined();
  });

  it('of a group are for its members, of an open one for everybody, and never after a removal', async () => {
    const face = await uploadAs(alice, await photo(200, 200).toBuffer(), 'image/jpeg');
    const group = await alice.group('Friends', bob);
    const set = (patch: object) => alice.api.patch(`/conversations/${group}`, patch);
    await set({ avatarFileId: face.fileId });
    await readable(bob, face.fileId);
    await closed(carol, face.fileId);
    await set({ joinPolicy: 'open' });
    await readable(carol, face.fileId);
    await set({ joinPolicy: 'invitation' });
    await closed(carol, face.fileId);
    await alice.api.delete(`/conversations/${group}/members/${bob.id}`);
    await closed(bob, face.fileId);
    await set({ avatarFileId: null });
    await readable(alice, face.fileId);
  });

  it('of a group can be changed by who runs it, whoever set the one before', async () => {
    const group = await alice.group('Ours', bob);
    await alice.api.patch(`/conversations/${group}/members/${bob.id}`, { role: 'admin' });
    const mine = await uploadAs(bob, await photo(100, 100).toBuffer(), 'image/jpeg');
    await bob.api.patch(`/conversations/${group}`, { avatarFileId: mine.fileId });
    await readable(alice, mine.fileId);
    // The whole form comes back, with what is there.
    await alice.api.patch(`/conversations/${group}`, { title: 'Still ours', avatarFileId: mine.fileId });
    const other = await uploadAs(alice, await photo(100, 100).toBuffer(), 'image/jpeg');
    await alice.api.patch(`/conversations/${group}`, { avatarFileId: other.fileId });
    await readable(bob, other.fileId);
    await closed(alice, mine.fileId);
  });
});
