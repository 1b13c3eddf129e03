import type { MessageItem, TimelineItem, WindowState } from '@parley/client';
import { describe, expect, it } from 'vitest';
import { newsIn, together } from './news';

const message = (seq: number | undefined, change: Partial<MessageItem> = {}): TimelineItem => ({
  kind: 'message',
  message: { key: String(seq), ...(seq !== undefined && { seq }), mine: false, ...change } as MessageItem,
});
const notice = (seq: number) => ({ kind: 'notice', notice: { seq, key: `n${seq}` } }) as TimelineItem;
const window = (items: TimelineItem[], change: Partial<WindowState> = {}): WindowState => ({
  items,
  hasOlder: false,
  hasNewer: false,
  loading: undefined,
  ...change,
});

describe('newsIn', () => {
  it('is what others wrote, once', () => {
    const heard = { seq: 4 };
    const state = window([message(4), message(5, { mine: true }), message(6), notice(7)]);
    expect(newsIn(state, heard)).toMatchObject({ message: { seq: 6 }, count: 1 });
    expect(newsIn(state, heard)).toBeUndefined();
    expect(heard.seq).toBe(7);
  });

  it('is the newest of several, and how many there are', () => {
    const unsent = message(undefined, { mine: true });
    expect(newsIn(window([message(5), message(6), unsent]), { seq: 4 })).toMatchObject({
      message: { seq: 6 },
      count: 2,
    });
  });

  it.each(['initial', 'jump', 'newer'] as const)('is not what comes with a load: %s', (loading) => {
    const heard = { seq: 0 };
    expect(newsIn(window([message(1), message(2)], { loading }), heard)).toBeUndefined();
    expect(newsIn(window([message(1), message(2)]), heard)).toBeUndefined();
  });

  it('is not what older pages bring, and is what comes while they do', () => {
    const heard = { seq: 8 };
    expect(newsIn(window([message(1), message(8)], { loading: 'older' }), heard)).toBeUndefined();
    expect(newsIn(window([message(1), message(9)], { loading: 'older' }), heard)).toMatchObject({ count: 1 });
  });

  it('is not what was taken back, nor what is shown of the past', () => {
    expect(newsIn(window([message(5, { recalledAt: '2026-01-01' })]), { seq: 4 })).toBeUndefined();
    expect(newsIn(window([message(5)], { hasNewer: true }), { seq: 4 })).toBeUndefined();
  });
});

it('news that nobody was told of yet become one', () => {
  const [one, next] = [message(1), message(2)].map((item) => ({
    message: (item as { message: MessageItem }).message,
    count: 1,
  }));
  expect(together(undefined, one as never)).toEqual(one);
  expect(together(one, next as never)).toMatchObject({ message: { seq: 2 }, count: 2 });
});
