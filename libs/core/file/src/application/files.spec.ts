import type { ConversationId, FileId, UserId } from '@parley/kernel';
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { announcement, type FileDesk, fileDesk, LIMITS } from '../testing/desk.js';
import { pngOf, textOf } from '../testing/samples.js';

const [ann, bob, eve] = ['ann', 'bob', 'eve'] as UserId[] as [UserId, UserId, UserId];
const [c1, c2] = ['c1', 'c2'] as ConversationId[] as [ConversationId, ConversationId];
const DAY = 24 * 3_600_000;
let d: FileDesk;
beforeEach(() => {
  d = fileDesk();
});
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('announcing a file', () => {
  it('answers a ticket for exactly this size and type under a key of the server', async () => {
    const { file, ticket } = await d.announce(pngOf(1, 1), { name: '../../x.png' });
    expect(file).toMatchObject({ name: 'x.png', state: 'pending', ownerId: ann, objectKey: '01/file-0001' });
    expect(ticket.expiresAt).toBe(d.clock.now() + LIMITS.uploadTtlMs);
    expect(d.objects.put(ticket, pngOf(1, 1, 1))).toBe(400);
  });

  it('refuses what is too large, or more than the owner has room for', async () => {
    await expect(d.create.execute(announcement(new Uint8Array(10_001)))).rejects.toEqual(code('file.too_large'));
    await d.create.execute(announcement(new Uint8Array(10_000)));
    await d.create.execute(announcement(new Uint8Array(9_999)));
    await expect(d.announce(new Uint8Array(2))).rejects.toEqual(code('file.quota_exceeded'));
    await d.announce(new Uint8Array(2), { actorId: bob });
  });

  it('for a conversation is for its members', async () => {
    d.conversations.set('c1', 4, { ann: 1 });
    await d.announce(pngOf(1, 1), { conversationId: c1 });
    for (const conversationId of [c1, c2])
      await expect(d.announce(pngOf(1, 1), { actorId: eve, conversationId })).rejects.toEqual(
        code('conversation.not_found'),
      );
  });

  it('answers a repeat with the first file and a ticket that works', async () => {
    const bytes = pngOf(1, 1);
    const first = await d.announce(bytes, { idempotencyKey: 'k' });
    const again = await d.announce(bytes, { idempotencyKey: 'k' });
    expect(again.file).toEqual(first.file);
    expect(d.objects.put(again.ticket, bytes)).toBe(200);
    await d.complete.execute({ actorId: ann, fileId: first.file.fileId });
    expect((await d.announce(bytes, { idempotencyKey: 'k' })).file.state).toBe('ready');
    for (const more of [{ name: 'b.png' }, { size: 7 }])
      await expect(d.announce(bytes, { idempotencyKey: 'k', ...more })).rejects.toEqual(
        code('file.idempotency_conflict'),
      );
  });
});

describe('completing an upload', () => {
  it('finds out what it is and makes it ready, once', async () => {
    const bytes = pngOf(20, 10);
    const fileId = await d.upload(bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const answers = await Promise.all([1, 2, 3].map(() => d.complete.execute({ actorId: ann, fileId })));
    for (const file of answers) expect(file).toMatchObject({ state: 'ready', width: 20, height: 10, sha256 });
    expect(d.files.facts).toEqual([`ready ${fileId}`]);
  });

  it('waits for the bytes', async () => {
    const { file } = await d.announce(pngOf(1, 1));
    await expect(d.complete.execute({ actorId: ann, fileId: file.fileId })).rejects.toEqual(code('file.not_uploaded'));
    expect((await d.files.find(file.fileId))?.state).toBe('pending');
  });

  it.each([
    ['a page called an image', textOf('<html>'), {}, 'file.type_mismatch'],
    ['an image without a size', pngOf(0, 0), {}, 'file.type_mismatch'],
    ['a bomb', pngOf(50_000, 50_000), {}, 'file.image_too_large'],
    ['bytes called a text', Uint8Array.from([1, 2, 3]), { contentType: 'text/plain' }, 'file.type_mismatch'],
  ])('refuses %s, for good', async (_, bytes, more, expected) => {
    const fileId = await d.upload(bytes, more);
    for (let round = 0; round < 2; round += 1)
      await expect(d.complete.execute({ actorId: ann, fileId })).rejects.toEqual(code(expected));
    expect(await d.objects.stat(`01/${fileId}`)).toBeUndefined();
    expect(await d.files.usage(ann)).toBe(0);
    await expect(d.download.execute({ actorId: ann, fileId })).rejects.toEqual(code('file.not_ready'));
  });

  it.each([
    ['size', pngOf(1, 1, 500), '', 'file.size_mismatch'],
    ['hash', pngOf(1, 1), 'ab'.repeat(32), 'file.hash_mismatch'],
  ])('does not trust the store with the %s', async (_, bytes, sha256, expected) => {
    const { file } = await d.announce(pngOf(1, 1), { sha256 });
    d.objects.smuggle(file.objectKey, bytes);
    const completing = d.complete.execute({ actorId: ann, fileId: file.fileId });
    await expect(completing).rejects.toEqual(code(expected));
  });

  it('takes the announced hash where it is right, and opaque bytes as they are', async () => {
    const svg = textOf('<svg onload="alert(1)"/>');
    const sha256 = createHash('sha256').update(svg).digest('hex');
    const fileId = await d.upload(svg, { contentType: 'image/svg+xml', sha256 });
    const file = await d.complete.execute({ actorId: ann, fileId });
    expect(file).toMatchObject({ state: 'ready', contentType: 'application/octet-stream' });
  });

  it('is for the owner', async () => {
    const fileId = await d.upload(pngOf(1, 1));
    await expect(d.complete.execute({ actorId: eve, fileId })).rejects.toEqual(code('file.not_found'));
  });
});

describe('who may read a file', () => {
  const reads = async (actorId: UserId, fileId: FileId) => {
    const answers = [d.get.execute({ actorId, fileId }), d.download.execute({ actorId, fileId })];
    const settled = await Promise.allSettled(answers);
    const codes = settled.map((each) => (each.status === 'fulfilled' ? 'ok' : (each.reason as { code: string }).code));
    expect(codes[0]).toBe(codes[1]);
    return codes[0];
  };

  it('is its owner alone until it is sent somewhere', async () => {
    const fileId = await d.ready();
    expect(await reads(ann, fileId)).toBe('ok');
    expect(await reads(eve, fileId)).toBe('file.not_found');
    expect(await reads(eve, 'nothing' as FileId)).toBe('file.not_found');
  });

  it('is whoever sees the place it was sent to, now', async () => {
    const fileId = await d.ready();
    d.conversations.set('c1', 7, { ann: 1, bob: 1, late: 9, next: 8 });
    await d.attach.execute({ actorId: ann, fileId, conversationId: c1 });
    expect(await reads(bob, fileId)).toBe('ok');
    expect(await reads('next' as UserId, fileId)).toBe('ok');
    expect(await reads('late' as UserId, fileId)).toBe('file.not_found');
    expect(await reads(eve, fileId)).toBe('file.not_found');
    d.conversations.set('c1', 8, { ann: 1 });
    expect(await reads(bob, fileId)).toBe('file.not_found');
  });

  it('grows when a reader forwards it', async () => {
    const fileId = await d.ready();
    d.conversations.set('c1', 7, { ann: 1, bob: 1 });
    d.conversations.set('c2', 2, { bob: 1, eve: 1 });
    await expect(d.attach.execute({ actorId: bob, fileId, conversationId: c2 })).rejects.toEqual(
      code('file.not_found'),
    );
    await d.attach.execute({ actorId: ann, fileId, conversationId: c1 });
    await d.attach.execute({ actorId: bob, fileId, conversationId: c2 });
    expect(await reads(eve, fileId)).toBe('ok');
  });

  it('is looked for in many places', async () => {
    const fileId = await d.ready();
    for (let at = 0; at < 25; at += 1) {
      d.conversations.set(`c${at}`, 100 - at, { ann: 1, ...(at === 24 ? { bob: 1 } : {}) });
      await d.attach.execute({ actorId: ann, fileId, conversationId: `c${at}` as ConversationId });
    }
    expect(await reads(bob, fileId)).toBe('ok');
  });

  it('is nobody while it is not complete', async () => {
    const fileId = await d.upload(pngOf(1, 1));
    d.conversations.set('c1', 1, { ann: 1, bob: 1 });
    const attaching = d.attach.execute({ actorId: ann, fileId, conversationId: c1 });
    await expect(attaching).rejects.toEqual(code('file.not_ready'));
    expect((await d.get.execute({ actorId: ann, fileId })).state).toBe('pending');
    await expect(d.get.execute({ actorId: bob, fileId })).rejects.toEqual(code('file.not_found'));
  });

  it('can only be widened to where one is', async () => {
    const fileId = await d.ready();
    d.conversations.set('c1', 1, { eve: 1 });
    const attaching = d.attach.execute({ actorId: ann, fileId, conversationId: c1 });
    await expect(attaching).rejects.toEqual(code('message.not_a_member'));
    expect(await reads(eve, fileId)).toBe('file.not_found');
  });

  it('gets a link that ends soon and says what is safe to say', async () => {
    const fileId = await d.ready();
    const { url, expiresAt } = await d.download.execute({ actorId: ann, fileId });
    expect(expiresAt).toBe(d.clock.now() + LIMITS.downloadTtlMs);
    expect(d.objects.get(url)).toMatchObject({ status: 200, contentType: 'image/png', fileName: 'a.png' });
    d.clock.pass(LIMITS.downloadTtlMs);
    expect(d.objects.get(url).status).toBe(403);
  });
});

describe('the end of a file', () => {
  it('is the owner’s to decide', async () => {
    const fileId = await d.ready();
    await expect(d.remove.execute({ actorId: eve, fileId })).rejects.toEqual(code('file.not_found'));
    await d.remove.execute({ actorId: ann, fileId });
    await expect(d.get.execute({ actorId: ann, fileId })).rejects.toEqual(code('file.not_found'));
    await expect(d.remove.execute({ actorId: ann, fileId })).rejects.toEqual(code('file.not_found'));
    expect(await d.files.usage(ann)).toBe(0);
    expect(d.files.facts).toEqual([`ready ${fileId}`, `removed ${fileId}`]);
    expect(await d.files.removed(10)).toEqual([]);
  });

  it('comes by itself for what nobody completed, and frees the space', async () => {
    const abandoned = await d.upload(pngOf(1, 1));
    const kept = await d.ready();
    d.clock.pass(DAY - 1000);
    const { file } = await d.announce(pngOf(1, 1));
    expect(await d.collect.execute()).toBe(0);
    d.clock.pass(2000);
    expect(await d.collect.execute()).toBe(1);
    expect(await d.files.find(abandoned)).toBeUndefined();
    expect(await d.objects.stat(`01/${abandoned}`)).toBeUndefined();
    expect([await d.files.find(kept), await d.files.find(file.fileId)]).not.toContain(undefined);
    expect(await d.files.usage(ann)).toBe(2 * pngOf(1, 1).length);
  });

  it('is finished after a crash half-way', async () => {
    const fileId = await d.ready();
    await d.files.markRemoved(fileId);
    expect(await d.collect.execute()).toBe(1);
    expect(await d.collect.execute()).toBe(0);
    expect(await d.objects.stat(`01/${fileId}`)).toBeUndefined();
  });
});
