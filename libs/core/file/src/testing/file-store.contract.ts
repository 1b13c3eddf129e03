import type { ConversationId, FileId, UserId } from '@parley/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileRecord, objectKeyOf } from '../domain/file.js';
import type { FileStore } from '../ports/file-store.js';

export interface FileStoreHarness {
  store: FileStore;
  /** What left through the outbox: `ready <fileId>`, `removed <fileId>`. */
  facts: () => Promise<string[]>;
  close: () => Promise<void>;
}

const QUOTA = 1000;
const ann = 'ann' as UserId;
const verified = { contentType: 'image/png', sha256: 'ab'.repeat(32), width: 3, height: 4 };

export function fileRecord(fileId: string, more: Partial<FileRecord> = {}): FileRecord {
  const id = fileId as FileId;
  return {
    ...{ fileId: id, ownerId: ann, name: 'a.png', size: 100, contentType: 'image/png', sha256: '' },
    ...{ state: 'pending', objectKey: objectKeyOf(id), conversationId: '', createdAt: 1000, width: 0, height: 0 },
    ...{ partSize: 0, uploadId: '', blurhash: '' },
    ...more,
  };
}

/** What every store of files does. */
export function fileStoreContract(name: string, makeHarness: () => Promise<FileStoreHarness>): void {
  describe(`file store: ${name}`, () => {
    let harness: FileStoreHarness;
    let store: FileStore;
    const file = (id: string) => store.find(id as FileId);

    beforeEach(async () => {
      harness = await makeHarness();
      store = harness.store;
    });
    afterEach(() => harness.close());

    it('gives back what was added', async () => {
      const more = { conversationId: 'c1' as ConversationId, sha256: 'cd'.repeat(32), partSize: 2 ** 40 };
      const added = fileRecord('f1', { name: 'Ä 鍵.png', ...more });
      expect(await store.add(added, '', QUOTA)).toEqual({ is: 'added' });
      expect(await file('f1')).toEqual(added);
      expect(await file('nobody')).toBeUndefined();
    });

    it('answers a repeated key with the first file, per owner', async () => {
      await store.add(fileRecord('f1'), 'k', QUOTA);
      expect(await store.add(fileRecord('f2'), 'k', QUOTA)).toEqual({ is: 'repeated', file: fileRecord('f1') });
      expect(await store.add(fileRecord('f3', { ownerId: 'bob' as UserId }), 'k', QUOTA)).toEqual({ is: 'added' });
      expect(await store.usage(ann)).toBe(100);
    });

    it('adds one file for one key however many come at once', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, at) => store.add(fileRecord(`f${at}`), 'same', QUOTA)),
      );
      expect(outcomes.filter((outcome) => outcome.is === 'added')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome.is === 'repeated')).toHaveLength(7);
      expect(await store.usage(ann)).toBe(100);
    });

    it('never books more than the quota, however many come at once', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, at) => store.add(fileRecord(`f${at}`, { size: 300 }), '', QUOTA)),
      );
      expect(outcomes.filter((outcome) => outcome.is === 'added')).toHaveLength(3);
      expect(await store.usage(ann)).toBe(900);
    });

    it('makes a pending file ready once and tells it once', async () => {
      await store.add(fileRecord('f1'), '', QUOTA);
      const answers = await Promise.all([1, 2, 3].map(() => store.markReady('f1' as FileId, verified)));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await file('f1')).toEqual({ ...fileRecord('f1'), ...verified, state: 'ready' });
      expect(await harness.facts()).toEqual(['ready f1']);
    });

    it('lets one of ready, refused and removed win', async () => {
      await store.add(fileRecord('f1'), '', QUOTA);
      const [ready, refused] = await Promise.all([
        store.markReady('f1' as FileId, verified),
        store.markRefused('f1' as FileId, 'type_mismatch'),
      ]);
      expect([ready, refused].filter(Boolean)).toHaveLength(1);
      expect(await store.markRemoved('f1' as FileId)).toMatchObject({ fileId: 'f1' });
      expect(await store.markReady('f1' as FileId, verified)).toBe(false);
    });

    it('notes one upload of a pending file, however many come at once', async () => {
      await store.add(fileRecord('f1', { partSize: 10 }), '', QUOTA);
      const f1 = 'f1' as FileId;
      const long = Array.from({ length: 6 }, (_, at) => `${at}`.padEnd(512, 'x'));
      const answers = await Promise.all(long.map((id) => store.setUpload(f1, '', id)));
      expect(answers.filter(Boolean)).toHaveLength(1);
      const first = long[answers.indexOf(true)] ?? '';
      expect((await file('f1'))?.uploadId).toBe(first);
      expect(await store.setUpload(f1, '', 'late')).toBe(false);
      expect(await store.setUpload(f1, first, 'second')).toBe(true);
      expect((await store.markRemoved(f1))?.uploadId).toBe('second');
      expect(await store.setUpload(f1, 'second', 'third')).toBe(false);
      expect((await store.removed(10)).map((row) => row.uploadId)).toEqual(['second']);
    });

    it('keeps why an upload was refused and frees its space', async () => {
      await store.add(fileRecord('f1'), '', QUOTA);
      expect(await store.markRefused('f1' as FileId, 'hash_mismatch')).toBe(true);
      expect(await file('f1')).toEqual({ ...fileRecord('f1'), state: 'refused', refusal: 'hash_mismatch' });
      expect(await store.usage(ann)).toBe(0);
      await store.markRemoved('f1' as FileId);
      expect(await store.usage(ann)).toBe(0);
      expect(await harness.facts()).toEqual([]);
    });

    it('frees space once when removed many times at once', async () => {
      await store.add(fileRecord('f1'), '', QUOTA);
      await store.add(fileRecord('f2'), '', QUOTA);
      await store.markReady('f1' as FileId, verified);
      const answers = await Promise.all([1, 2, 3, 4].map(() => store.markRemoved('f1' as FileId)));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await store.usage(ann)).toBe(100);
      expect(await file('f1')).toBeUndefined();
      expect(await harness.facts()).toEqual(['ready f1', 'removed f1']);
    });

    it('lists removed files until they are purged, and frees their key', async () => {
      await store.add(fileRecord('f1'), 'k', QUOTA);
      await store.purge('f1' as FileId);
      expect(await file('f1')).toBeDefined();
      await store.markRemoved('f1' as FileId);
      expect((await store.removed(10)).map((row) => row.fileId)).toEqual(['f1']);
      expect(await store.add(fileRecord('f2'), 'k', QUOTA)).toEqual({ is: 'added' });
      await store.purge('f1' as FileId);
      expect(await store.removed(10)).toEqual([]);
    });

    it('lists what was abandoned, oldest first', async () => {
      await store.add(fileRecord('new', { createdAt: 3000 }), '', QUOTA);
      await store.add(fileRecord('old', { createdAt: 1000 }), '', QUOTA);
      await store.add(fileRecord('refused', { createdAt: 2000 }), '', QUOTA);
      await store.add(fileRecord('used', { createdAt: 1000 }), '', QUOTA);
      await store.markRefused('refused' as FileId, 'size_mismatch');
      await store.markReady('used' as FileId, verified);
      expect((await store.abandoned(3000, 10)).map((row) => row.fileId)).toEqual(['old', 'refused']);
      expect((await store.abandoned(3000, 1)).map((row) => row.fileId)).toEqual(['old']);
    });

    it('takes away what was abandoned, but nothing that was completed at the last moment', async () => {
      await store.add(fileRecord('f1'), '', QUOTA);
      await store.add(fileRecord('f2'), '', QUOTA);
      await store.add(fileRecord('f3'), '', QUOTA);
      await store.markReady('f1' as FileId, verified);
      await store.markRefused('f2' as FileId, 'type_mismatch');
      const answers = await Promise.all(['f1', 'f2', 'f3', 'f3'].map((id) => store.markAbandoned(id as FileId)));
      expect(answers.filter(Boolean)).toHaveLength(2);
      expect(answers[0]).toBe(false);
      expect(await store.usage(ann)).toBe(100);
      expect(await harness.facts()).toEqual(['ready f1']);
    });

    it('knows whose avatar a file may be, until it is purged', async () => {
      const f1 = 'f1' as FileId;
      const [me, group] = [
        { kind: 'user', id: 'ann' },
        { kind: 'conversation', id: 'ann' },
      ] as const;
      await store.add(fileRecord('f1'), '', QUOTA);
      await Promise.all([me, me, group, me].map((holder) => store.allowAvatar(f1, holder)));
      expect(await store.avatarHolders(f1, 10)).toHaveLength(2);
      expect(await store.avatarHolders(f1, 10)).toEqual(expect.arrayContaining([me, group]));
      expect(await store.avatarHolders(f1, 1)).toHaveLength(1);
      expect(await store.avatarHolders('f2' as FileId, 10)).toEqual([]);
      await store.markRemoved(f1);
      await store.purge(f1);
      expect(await store.avatarHolders(f1, 10)).toEqual([]);
    });

    it('keeps the latest head of each place', async () => {
      const at = (conversationId: string, headSeq: number) => ({
        conversationId: conversationId as ConversationId,
        headSeq,
      });
      await store.add(fileRecord('f1'), '', QUOTA);
      await Promise.all(
        [at('c1', 5), at('c1', 9), at('c1', 7), at('c2', 3)].map((place) => store.attach('f1' as FileId, place)),
      );
      expect(await store.attachments('f1' as FileId, 10)).toEqual([at('c1', 9), at('c2', 3)]);
      expect(await store.attachments('f1' as FileId, 1)).toEqual([at('c1', 9)]);
      expect(await store.attachments('f2' as FileId, 10)).toEqual([]);
    });
  });
}
