import type { UploadProgress } from '@parley/client';
import { describe, expect, it } from 'vitest';
import { percentOf, turnOf, uploadOf } from './upload';

const upload = (state: UploadProgress['state'], sent = 5, total = 20): UploadProgress => ({ state, sent, total });

describe('an attachment on its way', () => {
  it('is shown until it is committed, and not once it failed', () => {
    const progress = upload('uploading');
    expect(uploadOf({ state: 'queued', upload: progress })).toBe(progress);
    expect(uploadOf({ state: 'sending', upload: progress })).toBe(progress);
    expect(uploadOf({ state: 'failed', upload: progress })).toBeUndefined();
    expect(uploadOf({ state: 'committed', upload: progress })).toBeUndefined();
    expect(uploadOf({ state: 'queued' })).toBeUndefined();
  });

  it.each([
    ['waiting', 'pause'],
    ['uploading', 'pause'],
    ['paused', 'resume'],
    ['checking', undefined],
    ['done', undefined],
    ['failed', undefined],
  ] as const)('when %s, its ring does: %s', (state, turn) => expect(turnOf(upload(state))).toBe(turn));

  it('is counted in percent, also where there is nothing to send', () => {
    expect(percentOf(upload('uploading'))).toBe(25);
    expect(percentOf(upload('uploading', 30, 20))).toBe(100);
    expect(percentOf(upload('uploading', 0, 0))).toBe(100);
  });
});
