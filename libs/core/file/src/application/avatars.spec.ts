import type { ConversationId, FileId, UserId } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { type FileDesk, fileDesk } from '../testing/desk.js';
import { pngOf, textOf } from '../testing/samples.js';

const [ann, bob, eve] = ['ann', 'bob', 'eve'] as UserId[] as [UserId, UserId, UserId];
const me = { kind: 'user', id: 'ann' } as const;
const group = { kind: 'conversation', id: 'c1' } as const;
const code = (expected: string) => expect.objectContaining({ code: expected });
let d: FileDesk;
let fileId: FileId;
beforeEach(async () => {
  d = fileDesk();
  fileId = await d.ready(pngOf(800, 600));
});
const reads = (actorId: UserId, id = fileId) => d.get.execute({ actorId, fileId: id });

describe('avatars', () => {
  it('are read by everybody in all ways, as long as they are shown', async () => {
    await d.allowAvatar.execute({ actorId: ann, fileId, holder: me });
    await expect(reads(bob), 'allowed, and not shown yet').rejects.toEqual(code('file.not_found'));
    d.holders.set(me, fileId);
    expect((await reads(bob)).fileId).toBe(fileId);
    await d.download.execute({ actorId: bob, fileId });
    await d.thumbnail.execute({ actorId: bob, fileId, size: 64 });
    await expect(d.remove.execute({ actorId: bob, fileId })).rejects.toEqual(code('file.not_found'));
    d.holders.set(me, 'another');
    await expect(reads(bob), 'shown no more').rejects.toEqual(code('file.not_found'));
  });

  it('of conversations are read by those who see these', async () => {
    await d.allowAvatar.execute({ actorId: ann, fileId, holder: group });
    d.holders.set(group, fileId, ['bob']);
    await reads(bob);
    await expect(reads(eve)).rejects.toEqual(code('file.not_found'));
  });

  it('open nothing that the owner did not allow, whoever names it', async () => {
    await expect(d.allowAvatar.execute({ actorId: eve, fileId, holder: { kind: 'user', id: 'eve' } })).rejects.toEqual(
      code('file.not_found'),
    );
    // As if a profile named it all the same.
    d.holders.set({ kind: 'user', id: 'eve' }, fileId);
    await expect(reads(eve)).rejects.toEqual(code('file.not_found'));
    await expect(reads(bob)).rejects.toEqual(code('file.not_found'));
  });

  it('cannot be made by those who may merely read the file', async () => {
    d.conversations.set('c1', 4, { ann: 1, bob: 1 });
    await d.attach.execute({ actorId: ann, fileId, conversationId: 'c1' as ConversationId });
    await reads(bob);
    await expect(d.allowAvatar.execute({ actorId: bob, fileId, holder: group })).rejects.toEqual(
      code('file.not_found'),
    );
  });

  it('are ready images', async () => {
    const text = await d.upload(textOf('hello'), { contentType: 'text/plain' });
    const allow = (id: FileId) => d.allowAvatar.execute({ actorId: ann, fileId: id, holder: me });
    await expect(allow(text)).rejects.toEqual(code('file.not_ready'));
    await d.complete.execute({ actorId: ann, fileId: text });
    await expect(allow(text)).rejects.toEqual(code('file.not_an_image'));
    await expect(allow('nobody' as FileId)).rejects.toEqual(code('file.not_found'));
  });

  it('go with the file', async () => {
    await d.allowAvatar.execute({ actorId: ann, fileId, holder: me });
    d.holders.set(me, fileId);
    await d.remove.execute({ actorId: ann, fileId });
    await expect(reads(bob)).rejects.toEqual(code('file.not_found'));
    expect(await d.files.avatarHolders(fileId, 1)).toEqual([]);
  });
});
