import { describe, expect, it } from 'vitest';
import { attachmentOf, kindOf, pendingOf } from './attachments';

const file = (type: string, content = 'x') => new File([content], 'a.bin', { type });

describe('kindOf', () => {
  it.each([
    ['image/png', 'image'],
    ['image/svg+xml', 'file'],
    ['video/mp4', 'video'],
    ['video/x-matroska', 'file'],
    ['audio/webm;codecs=opus', 'audio'],
    ['text/html', 'file'],
    ['', 'file'],
  ])('%s is sent as %s', (type, kind) => expect(kindOf(file(type))).toBe(kind));
});

describe('attachments', () => {
  it('leaves empty files out', () => {
    const { pending, empty } = pendingOf([file('image/png'), file('text/plain', '')]);
    expect(pending).toHaveLength(1);
    expect(empty).toHaveLength(1);
  });

  it('says the size of a picture, and sends as a file what is none', async () => {
    const [one] = pendingOf([file('image/png')]).pending;
    if (one === undefined) throw new Error('nothing pending');
    expect(await attachmentOf(one, 'hi', async () => ({ width: 4, height: 3 }))).toMatchObject({
      type: 'image',
      caption: 'hi',
      content: { width: 4, height: 3 },
    });
    const [film] = pendingOf([file('video/webm')]).pending;
    if (film === undefined) throw new Error('nothing pending');
    const sound = await attachmentOf(film, '', async () => ({ durationMs: 900, width: 0, height: 0 }));
    expect(sound).toMatchObject({ type: 'audio', content: { durationMs: 900 } });
    const broken = await attachmentOf(one, '', async () => undefined);
    expect(broken.type).toBe('file');
    expect(broken).not.toHaveProperty('caption');
  });
});
