import { describe, expect, it } from 'vitest';
import { previewOf } from './message-preview';

describe('one line about a message', () => {
  it('is its text, on one line', () => {
    expect(previewOf({ type: 'text', content: { text: ' two\n\nlines ' } })).toEqual({
      kind: 'text',
      text: 'two lines',
    });
  });

  it('is the caption or the name of what is attached, or only its kind', () => {
    expect(previewOf({ type: 'image', content: { caption: 'look' } })).toEqual({ kind: 'image', text: 'look' });
    expect(previewOf({ type: 'file', content: { name: 'a.pdf' } })).toEqual({ kind: 'file', text: 'a.pdf' });
    expect(previewOf({ type: 'audio', content: {} })).toEqual({ kind: 'audio', text: '' });
  });

  it('says nothing of what was recalled, and survives what it does not know', () => {
    expect(previewOf({ type: 'text', recalledAt: '2026-01-01T00:00:00Z' })).toEqual({ kind: 'recalled', text: '' });
    expect(previewOf({ type: 'hologram', content: { text: 'x' } })).toEqual({ kind: 'other', text: '' });
    expect(previewOf({ type: 'text', content: { text: 7 } })).toEqual({ kind: 'text', text: '' });
  });
});
