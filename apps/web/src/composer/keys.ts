export interface KeyPress {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  /** 229 while an input method has the key: Safari ends the composition before the Enter that ends it. */
  keyCode: number;
}

export interface KeyContext {
  empty: boolean;
  /** The list of people for a mention is open. */
  completing: boolean;
  /** A reply or an edit is under way. */
  busy: boolean;
  /** On-screen keyboards have no Shift-Enter: there Enter is a new line and the button sends. */
  touch: boolean;
}

export type KeyDecision = 'send' | 'edit-last' | 'next' | 'previous' | 'pick' | 'close' | 'cancel' | undefined;

/** What a key in the message field does; undefined leaves it to the field. */
export function decideKey(press: KeyPress, context: KeyContext): KeyDecision {
  if (press.isComposing || press.keyCode === 229) return undefined;
  const plain = !press.ctrlKey && !press.metaKey && !press.altKey;
  if (context.completing && plain && !press.shiftKey) {
    if (press.key === 'ArrowDown') return 'next';
    if (press.key === 'ArrowUp') return 'previous';
    if (press.key === 'Enter' || press.key === 'Tab') return 'pick';
    if (press.key === 'Escape') return 'close';
  }
  if (press.key === 'Enter' && (press.ctrlKey || press.metaKey)) return 'send';
  if (press.key === 'Enter' && plain && !press.shiftKey && !context.touch) return 'send';
  if (press.key === 'ArrowUp' && plain && !press.shiftKey && context.empty && !context.busy) return 'edit-last';
  if (press.key === 'Escape' && plain && context.busy) return 'cancel';
  return undefined;
}
