import { eventually } from '@parley/testing';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from './support/device.js';
import { type Person, people } from './support/people.js';
import type { Message, Page, Problem, Sent, User } from './support/shapes.js';
import { type FileObject, linkOf, uploadAs } from './support/uploads.js';
import { useServer } from './support/use-server.js';

const chain = (length: number) => Array.from({ length }, () => '👨').join('\u200d');
const tags = (text: string) => [...text].map((sign) => String.fromCodePoint(0xe0000 + sign.charCodeAt(0))).join('');

/** A PNG whose header promises more than anybody has memory for; the data behind it are a few bytes. */
function bomb(width: number, height: number): Buffer {
  const bytes = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

/** A GIF of 64 by 64 with very many frames: LZW data of one colour, repeated. */
function manyFrames(count: number): Buffer {
  const header = Buffer.from('47494638396140004000800000000000ffffff', 'hex');
  const frame = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0]);
  return Buffer.concat([header, ...Array.from({ length: count }, () => frame), Buffer.from([0x3b])]);
}

describe('new surfaces: hostile requests', () => {
  const server = useServer('new-surfaces-hostile');
  let alice: Person;
  let bob: Person;
  let group: string;
  let target: Sent;
  const code = async (who: Person, method: string, path: string, body?: unknown) =>
    (await who.api.refusal(method, path, body)).code;
  const timed = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
    const from = performance.now();
    return [await work(), performance.now() - from];
  };

  beforeAll(async () => {
    [alice, bob] = (await people(server.current, 'alice', 'bob')) as [Person, Person];
    group = await alice.group('Targets', bob);
    const phone = await alice.connect();
    for (let n = 0; n < 300; n += 1) await phone.sendText(group, `a message of many words, number ${n}, and a b c d`);
    target = await phone.sendText(group, 'the target');
    await eventually('the index', async () => (await search(bob, 'target')).items.length === 1);
  });

  const search = (who: Person, q: string) =>
    who.api.get<Page<{ message: Message }>>(`/search/messages?${new URLSearchParams({ q, limit: '100' }).toString()}`);

  it('search takes no pattern, no operator and no statement, and no query costs much', async () => {
    const tricks = [
      '"',
      '""',
      '*',
      'a*',
      '^target',
      '-target',
      'NEAR(a b)',
      'a OR target',
      'text:target',
      '{a b}',
      '%',
      '_',
    ];
    for (const q of [...tricks, "' OR 1=1 --", '");DROP TABLE x;--', '\0', '\u202e', '(((((', '\\', '\ud83e'])
      expect([200, 400], q).toContain(
        (await bob.api.call('GET', `/search/messages?q=${encodeURIComponent(q.toWellFormed())}`)).status,
      );
    // Signs are nothing, words are words.
    expect((await search(bob, '-target*')).items).toHaveLength(1);
    for (const q of ['text:target', 'a OR target', 'NOT target']) expect((await search(bob, q)).items, q).toEqual([]);
    const terms = Array.from({ length: 330 }, (_, n) => `a${n % 10}`)
      .join(' ')
      .slice(0, 1000);
    for (const q of [
      'a',
      'a b c d',
      terms,
      '"a b" '.repeat(160),
      '的'.repeat(1000),
      'a'.repeat(1000),
      '"'.repeat(1000),
    ]) {
      const [, ms] = await timed(() => search(bob, q));
      expect(ms, q.slice(0, 20)).toBeLessThan(2000);
    }
    expect(await code(bob, 'GET', `/search/messages?q=${'a%20'.repeat(3000)}`)).toMatch(/^(limit\.size|request\.)/);
    expect(await code(bob, 'GET', '/search/messages?q=a&cursor=..%2f..')).toBe('request.invalid');
  });

  it('who searches sixty times at once waits alone', async () => {
    const storm = Promise.all(
      Array.from({ length: 60 }, () =>
        alice.api.call<Problem>('GET', '/search/messages?q=%22words%20many%20of%22&limit=100'),
      ),
    );
    const [, ms] = await timed(() => search(bob, 'target'));
    expect(ms).toBeLessThan(2000);
    const answers = await storm;
    for (const { status, body } of answers)
      if (status !== 200) expect({ status, code: body.code }).toEqual({ status: 429, code: 'limit.rate' });
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(4);
    expect((await search(alice, 'target')).items).toHaveLength(1);
  });

  it('member search and names are text, bounded, and say nothing of others', async () => {
    const members = (q: string) =>
      alice.api.get<Page<{ userId: string }>>(`/conversations/${group}/members?q=${encodeURIComponent(q)}`);
    for (const q of ['%', '_', '*', '\\', "' OR '1'='1", '[a-z]', '.*'])
      expect((await members(q)).items, q).toEqual([]);
    expect(await code(alice, 'GET', `/conversations/${group}/members?q=${'a'.repeat(500)}`)).toMatch(/limit|request/);
    const many = Array.from({ length: 101 }, (_, n) => `u${n}`).join(',');
    expect(await code(alice, 'GET', `/users?ids=${many}`)).toBe('limit.size');
    const { items } = await alice.api.get<Page<User>>(`/users?ids=${bob.id},${bob.id},nobody,__proto__,constructor`);
    expect(items.map(({ userId }) => userId)).toEqual([bob.id]);
    for (const guess of ['a', 'A'.repeat(32), '..', '%00', "'", '__proto__', 'a'.repeat(199)])
      expect((await alice.api.call('GET', `/invitations/${encodeURIComponent(guess)}`)).status, guess).toBeLessThan(
        500,
      );
  });

  it('what is no emoji is refused, however much it looks like one', async () => {
    const wrong = ['\ufe0f', '\u200d', '🇩', '#', '5\ufe0f', '👍\u200d', '👍👍', `👍${tags('x')}`, '__proto__', '👍\0'];
    for (const emoji of [
      ...wrong,
      `🏴${tags('abcde')}`,
      `🏴${tags('gbeng')}`,
      chain(5),
      chain(128),
      '\ud83d',
      `❤️${'\ufe0f'.repeat(900)}`,
    ]) {
      const event = { conversationId: group, messageId: target.messageId, emoji: emoji.toWellFormed() };
      const refusal = await (bob.devices[0] ?? (await bob.connect())).refusal('message:react', event);
      expect(refusal.code, JSON.stringify(emoji).slice(0, 40)).toMatch(/^(request\.invalid|limit\.size)$/);
    }
    const right = [`🏴${tags('gbeng')}\u{e007f}`, '👩🏽‍🚀', '🇩🇪', '5️⃣', '👨‍👩‍👧‍👦'];
    for (const emoji of right)
      await bob.devices[0]?.request('message:react', { conversationId: group, messageId: target.messageId, emoji });
    const shown = await alice.api.get<Message>(`/conversations/${group}/messages/${target.messageId}`);
    expect(shown.reactions?.map(({ emoji }) => emoji)).toEqual(right);
  });

  it('images made to fill the memory or to be something else hurt nobody', async () => {
    const announce = async (bytes: Buffer, type: string): Promise<FileObject | Problem> =>
      uploadAs(alice, bytes, type).catch((error: Error) => ({ code: error.message }) as Problem);
    const svg = Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>`,
    );
    const jpeg = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    const hostile: [string, Buffer, string][] = [
      ['a PNG of 30000 by 30000', bomb(30_000, 30_000), 'image/png'],
      ['a PNG of 4 billion', bomb(0xffffffff, 0xffffffff), 'image/png'],
      ['a PNG below the limit of files, without data', bomb(9000, 9000), 'image/png'],
      ['a PNG within the limit of thumbnails, without data', bomb(7000, 7000), 'image/png'],
      ['a GIF of 10,000 frames', manyFrames(10_000), 'image/gif'],
      ['an SVG that says PNG', svg, 'image/png'],
      ['an SVG', svg, 'image/svg+xml'],
      [
        'HEIC by its name',
        Buffer.concat([Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), Buffer.alloc(500)]),
        'image/heic',
      ],
      [
        'AVIF by its name',
        Buffer.concat([Buffer.from('\0\0\0\x18ftypavif\0\0\0\0mif1avif'), Buffer.alloc(500)]),
        'image/avif',
      ],
      [
        'a WebP by its name',
        Buffer.concat([Buffer.from('RIFF\xff\xff\0\0WEBPVP8X', 'latin1'), Buffer.alloc(500, 0xff)]),
        'image/webp',
      ],
      ['a GIF that is a script', Buffer.from('GIF89a/*\x01\x01\x01*/=1;alert(1)//;'), 'image/gif'],
      [
        'a JPEG with a page behind it',
        Buffer.concat([jpeg, Buffer.from('<html><script>alert(1)</script>')]),
        'image/jpeg',
      ],
    ];
    for (const [what, bytes, type] of hostile) {
      const [file, ms] = await timed(() => announce(bytes, type));
      expect(ms, what).toBeLessThan(5000);
      if (!('fileId' in file)) continue;
      const answer = await alice.api.call<Problem & { url: string }>(
        'GET',
        `/files/${file.fileId}/thumbnail?size=64&as=json`,
      );
      expect([200, 404, 409, 415, 422], `${what}: ${JSON.stringify(answer.body)}`).toContain(answer.status);
      if (answer.status !== 200) continue;
      const made = await fetch(answer.body.url);
      expect(made.headers.get('content-type'), what).toBe('image/webp');
      expect(made.headers.get('x-content-type-options'), what).toBe('nosniff');
      expect(Buffer.from(await made.arrayBuffer()).includes('<script'), what).toBe(false);
      const whole = await fetch(await linkOf(alice, file.fileId));
      expect(whole.headers.get('content-disposition'), what).toMatch(/^attachment/);
    }
    expect((await alice.api.call('GET', '/users/me')).status).toBe(200);
  });

  it('a thousand sizes are five pictures, and sixty who ask at once are served or told to come back', async () => {
    const noise = await sharp({ create: { width: 1500, height: 1500, channels: 3, background: 'teal' } })
      .jpeg()
      .toBuffer();
    const file = await uploadAs(alice, noise, 'image/jpeg');
    const sizes = Array.from({ length: 60 }, (_, n) => 1 + Math.floor((n * 1279) / 59));
    const [answers, ms] = await timed(() =>
      Promise.all(
        sizes.map((size) =>
          alice.api.call<{ url: string }>('GET', `/files/${file.fileId}/thumbnail?size=${size}&as=json`),
        ),
      ),
    );
    expect(ms).toBeLessThan(20_000);
    for (const { status } of answers) expect([200, 503]).toContain(status);
    const paths = new Set(answers.flatMap(({ status, body }) => (status === 200 ? [new URL(body.url).pathname] : [])));
    expect(paths.size).toBeGreaterThan(0);
    expect(paths.size).toBeLessThanOrEqual(5);
    expect((await alice.api.call('GET', '/users/me')).status).toBe(200);
  });

  it('a link to a file leads to the store, whatever a client says of hosts and addresses', async () => {
    const file = await uploadAs(alice, Buffer.from('hello'), 'text/plain');
    const own = new URL(await linkOf(alice, file.fileId)).origin;
    const lies: Record<string, string>[] = [
      { 'x-forwarded-host': 'evil.example' },
      { 'x-forwarded-proto': 'javascript' },
      { forwarded: 'host=evil.example;proto=https' },
      { 'x-original-url': 'https://evil.example/' },
      { origin: 'https://evil.example', referer: 'https://evil.example/' },
    ];
    for (const headers of lies) {
      const answer = await alice.api.call<{ url: string }>('GET', `/files/${file.fileId}/download?as=json`, {
        headers,
      });
      expect(new URL(answer.body.url).origin, JSON.stringify(headers)).toBe(own);
    }
    for (const query of ['?as=html', '?url=https://evil.example', '?redirect=//evil.example', '?as=json&as=json'])
      expect((await alice.api.call('GET', `/files/${file.fileId}/download${query}`)).status, query).toBe(400);
  });

  it('a file that is deleted while it is an avatar is gone, and the profile goes on', async () => {
    const face = await sharp({ create: { width: 90, height: 90, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const [mine, next] = [await uploadAs(alice, face, 'image/png'), await uploadAs(alice, face, 'image/png')];
    await alice.api.patch('/users/me', { avatarFileId: mine.fileId });
    await alice.api.patch(`/conversations/${group}`, { avatarFileId: mine.fileId });
    const link = await linkOf(bob, mine.fileId, '/thumbnail?size=64&as=json');
    await alice.api.delete(`/files/${mine.fileId}`);
    expect((await fetch(link)).status).toBe(404);
    for (const who of [alice, bob])
      for (const path of ['', '/thumbnail?size=64&as=json', '/download?as=json'])
        expect(await code(who, 'GET', `/files/${mine.fileId}${path}`), path).toBe('file.not_found');
    await bob.api.get(`/users/${alice.id}`);
    await bob.api.get(`/conversations/${group}`);
    // The form of a profile comes back whole, with the avatar that is no more; and it can be exchanged.
    expect(
      (await alice.api.call('PATCH', '/users/me', { body: { displayName: 'Al', avatarFileId: mine.fileId } })).status,
    ).toBeLessThan(500);
    await alice.api.patch('/users/me', { avatarFileId: next.fileId });
    await alice.api.patch(`/conversations/${group}`, { avatarFileId: next.fileId });
    await linkOf(bob, next.fileId);
  });

  it('forged ids and cursors of the new lists are refused or empty', async () => {
    for (const ids of [
      '',
      ',',
      '%00',
      '__proto__',
      "1' OR '1'='1",
      '1-99999999999999999999',
      '-1--1',
      `${newId()},`.repeat(60),
    ]) {
      const answer = await bob.api.call<Page<Message>>(
        'GET',
        `/conversations/${group}/messages?messageIds=${encodeURIComponent(ids)}`,
      );
      expect([200, 400, 413], ids.slice(0, 30)).toContain(answer.status);
      if (answer.status === 200) expect(answer.body.items, ids).toEqual([]);
    }
    for (const at of ['yesterday', '0000-00-00T00:00:00Z', '+275760-09-13T00:00:00.001Z', '9999-99-99', '-1', ''])
      expect(
        (await bob.api.call('GET', `/conversations/${group}/messages?at=${encodeURIComponent(at)}`)).status,
        at,
      ).toBe(400);
  });
});
