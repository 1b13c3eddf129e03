import type { FileId } from '@parley/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Thumbnail } from '../domain/thumbnail.js';
import type { FileStore } from '../ports/file-store.js';
import type { ThumbnailStore } from '../ports/thumbnail-store.js';
import { fileRecord } from './file-store.contract.js';

export interface ThumbnailStoreHarness {
  files: FileStore;
  thumbnails: ThumbnailStore;
  close: () => Promise<void>;
}

const f1 = 'f1' as FileId;
const verified = { contentType: 'image/png', sha256: '', width: 3, height: 4 };
const look = { width: 4, height: 3, blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj' };
const noted = (edge: number, state: Thumbnail['state'] = 'making', fileId = f1): Thumbnail => ({
  ...{ fileId, edge, objectKey: `f1/${fileId}-${edge}`, state },
});

/** What every store of thumbnails does, beside its store of files. */
export function thumbnailStoreContract(name: string, makeHarness: () => Promise<ThumbnailStoreHarness>): void {
  describe(`thumbnail store: ${name}`, () => {
    let h: ThumbnailStoreHarness;

    beforeEach(async () => {
      h = await makeHarness();
      await h.files.add(fileRecord('f1'), '', 1000);
      await h.files.markReady(f1, verified);
    });
    afterEach(() => h.close());

    it('notes one of each size, however many come at once', async () => {
      const answers = await Promise.all([1, 2, 3, 4, 5].map(() => h.thumbnails.begin(noted(64))));
      expect(answers).toEqual(Array.from({ length: 5 }, () => noted(64)));
      expect(await h.thumbnails.begin(noted(320))).toEqual(noted(320));
      expect(await h.thumbnails.find(f1, 64)).toEqual(noted(64));
      expect(await h.thumbnails.find(f1, 160)).toBeUndefined();
      const all = await h.thumbnails.of(f1);
      expect(all.map(({ edge }) => edge).sort((a, b) => a - b)).toEqual([64, 320]);
    });

    it('notes what the image looks like when one is finished, also twice', async () => {
      await h.thumbnails.begin(noted(64));
      expect(await Promise.all([1, 2, 3].map(() => h.thumbnails.finish(f1, 64, look)))).toEqual([true, true, true]);
      expect(await h.thumbnails.begin(noted(64))).toEqual(noted(64, 'ready'));
      expect(await h.files.find(f1)).toMatchObject({ ...look, state: 'ready' });
    });

    it('keeps that nothing can be made, but not of what is made', async () => {
      await h.thumbnails.begin(noted(64));
      await h.thumbnails.fail(f1, 64);
      expect(await h.thumbnails.find(f1, 64)).toEqual(noted(64, 'failed'));
      await h.thumbnails.begin(noted(160));
      await h.thumbnails.finish(f1, 160, look);
      await h.thumbnails.fail(f1, 160);
      expect(await h.thumbnails.find(f1, 160)).toEqual(noted(160, 'ready'));
    });

    it('notes nothing of files that are not ready', async () => {
      await h.files.add(fileRecord('f2'), '', 1000);
      for (const id of ['f2', 'nobody'])
        expect(await h.thumbnails.begin(noted(64, 'making', id as FileId))).toBeUndefined();
      await h.files.markRemoved(f1);
      expect(await h.thumbnails.begin(noted(64))).toBeUndefined();
    });

    it('knows all of a removed file until it is purged, and finishes none of them', async () => {
      await h.thumbnails.begin(noted(64));
      await h.thumbnails.begin(noted(160));
      await h.thumbnails.finish(f1, 160, look);
      await h.files.markRemoved(f1);
      expect(await h.thumbnails.finish(f1, 64, look)).toBe(false);
      expect(await h.thumbnails.of(f1)).toHaveLength(2);
      await h.files.purge(f1);
      expect(await h.thumbnails.of(f1)).toEqual([]);
      expect(await h.thumbnails.finish(f1, 160, look)).toBe(false);
    });

    it('of noting and removing at once leaves nothing that the remover does not know of', async () => {
      const [begun] = await Promise.all([h.thumbnails.begin(noted(64)), h.files.markRemoved(f1)]);
      expect(await h.thumbnails.of(f1)).toHaveLength(begun === undefined ? 0 : 1);
    });
  });
}
