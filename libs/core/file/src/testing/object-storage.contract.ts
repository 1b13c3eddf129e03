import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectStorage, SignedRequest } from '../ports/object-storage.js';
import type { SetClock } from './fakes.js';

export interface ObjectStorageHarness {
  storage: ObjectStorage;
  clock: SetClock;
  /** What a client does with a ticket; answers the HTTP status. */
  put: (request: SignedRequest, bytes: Uint8Array) => Promise<number>;
  get: (url: string) => Promise<{ status: number; bytes?: Uint8Array; contentType?: string; fileName?: string }>;
  close: () => Promise<void>;
}

const HOUR = 3_600_000;

/** What every object store does, seen from its port and from outside. */
export function objectStorageContract(name: string, makeHarness: () => Promise<ObjectStorageHarness>): void {
  describe(`object storage: ${name}`, () => {
    let h: ObjectStorageHarness;
    let key: string;
    const bytes = randomBytes(200_000);
    const ticket = (size = bytes.length, contentType = 'image/png') =>
      h.storage.presignPut({ key, size, contentType, expiresAt: h.clock.now() + HOUR });
    const link = (fileName = 'a.png') =>
      h.storage.presignGet({ key, fileName, contentType: 'image/png', expiresAt: h.clock.now() + HOUR });
    const whole = async () => Buffer.concat(await Array.fromAsync(h.storage.read(key)));

    beforeEach(async () => {
      h = await makeHarness();
      key = `ab/key-${randomBytes(6).toString('hex')}`;
    });
    afterEach(() => h.close());

    it('takes what its ticket says and gives it back', async () => {
      expect(await h.storage.stat(key)).toBeUndefined();
      expect(await h.put(await ticket(), bytes)).toBe(200);
      expect(await h.storage.stat(key)).toEqual({ size: bytes.length });
      expect(await whole()).toEqual(bytes);
      const answer = await h.get(await link('Grüße "1".png'));
      expect(answer).toMatchObject({ status: 200, contentType: 'image/png', fileName: 'Grüße "1".png' });
      expect(Buffer.from(answer.bytes ?? [])).toEqual(bytes);
    });

    it.each([
      ['shorter', 1],
      ['longer', -1],
    ])('keeps nothing of an upload that is %s than its ticket', async (_, less) => {
      expect(await h.put(await ticket(bytes.length + less), bytes)).toBe(400);
      expect(await h.storage.stat(key)).toBeUndefined();
      expect(await h.put(await ticket(), bytes)).toBe(200);
    });

    it('refuses another type than its ticket', async () => {
      const { headers, ...request } = await ticket();
      const other = headers.map(({ name: header }) => ({ name: header, value: 'text/html' }));
      expect(await h.put({ ...request, headers: other }, bytes)).toBe(400);
      expect(await h.storage.stat(key)).toBeUndefined();
    });

    it('takes one upload, whatever tickets are out', async () => {
      const [first, second] = [await ticket(), await ticket()];
      expect(await h.put(first, bytes)).toBe(200);
      const other = randomBytes(bytes.length);
      expect(await h.put(first, other)).toBe(409);
      expect(await h.put(second, other)).toBe(409);
      expect(await whole()).toEqual(bytes);
    });

    it('takes one of many uploads at once, whole', async () => {
      const request = await ticket();
      const all = Array.from({ length: 6 }, () => randomBytes(bytes.length));
      const statuses = await Promise.all(all.map((each) => h.put(request, each)));
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.filter((status) => status === 409)).toHaveLength(5);
      expect(await whole()).toEqual(all[statuses.indexOf(200)]);
    });

    it('refuses tickets and links that have expired', async () => {
      const [put, get] = [await ticket(), await link()];
      expect(await h.put(await ticket(), bytes)).toBe(200);
      h.clock.pass(HOUR);
      expect(await h.put(put, bytes)).toBe(403);
      expect((await h.get(get)).status).toBe(403);
    });

    it('gives nothing once deleted, and takes nothing more for the key', async () => {
      const [put, get] = [await ticket(), await link()];
      await h.put(put, bytes);
      await h.storage.delete(key);
      await h.storage.delete(key);
      expect(await h.storage.stat(key)).toBeUndefined();
      expect((await h.get(get)).status).toBe(404);
      expect(await h.put(put, bytes)).toBe(409);
      await expect(whole()).rejects.toThrow();
    });

    it('closes a ticket by deleting what was never uploaded', async () => {
      const put = await ticket();
      await h.storage.delete(key);
      expect(await h.put(put, bytes)).toBe(409);
      expect(await h.storage.stat(key)).toBeUndefined();
    });
  });
}
