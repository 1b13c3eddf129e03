import { describe, expect, it } from 'vitest';
import { decideKey, type KeyContext, type KeyPress } from './keys';

const decide = (key: string, press: Partial<KeyPress> = {}, context: Partial<KeyContext> = {}) =>
  decideKey(
    { key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, keyCode: 0, ...press },
    { empty: false, completing: false, busy: false, touch: false, ...context },
  );

describe('decideKey', () => {
  it('sends with Enter and breaks the line with Shift-Enter', () => {
    expect(decide('Enter')).toBe('send');
    expect(decide('Enter', { shiftKey: true })).toBeUndefined();
    expect(decide('Enter', { altKey: true })).toBeUndefined();
  });

  it('never sends the Enter that belongs to an input method', () => {
    expect(decide('Enter', { isComposing: true })).toBeUndefined();
    expect(decide('Enter', { keyCode: 229 })).toBeUndefined();
    expect(decide('ArrowUp', { isComposing: true }, { empty: true })).toBeUndefined();
  });

  it('breaks the line on phones, and sends with a keyboard’s Ctrl-Enter', () => {
    expect(decide('Enter', {}, { touch: true })).toBeUndefined();
    expect(decide('Enter', { ctrlKey: true }, { touch: true })).toBe('send');
  });

  it('edits the last message only from an empty field', () => {
    expect(decide('ArrowUp', {}, { empty: true })).toBe('edit-last');
    expect(decide('ArrowUp')).toBeUndefined();
    expect(decide('ArrowUp', {}, { empty: true, busy: true })).toBeUndefined();
  });

  it('moves in the list of people while it is open', () => {
    expect(decide('ArrowUp', {}, { empty: true, completing: true })).toBe('previous');
    expect(decide('Tab', {}, { completing: true })).toBe('pick');
    expect(decide('Enter', {}, { completing: true })).toBe('pick');
    expect(decide('Escape', {}, { completing: true, busy: true })).toBe('close');
    expect(decide('Escape', {}, { busy: true })).toBe('cancel');
  });
});
