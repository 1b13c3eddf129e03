import { DomainError } from '@parley/kernel';
import type { LogChange } from './changes/change.js';
import type { MessageWindows } from './changes/windows.js';
import { applyEdit } from './changes/edit.js';
import { applyFact } from './changes/fact.js';
import { applyHide, type HideOutcome } from './changes/hide.js';
import { applyCursor, type CursorOutcome } from './changes/move-cursor.js';
import { applyPin } from './changes/pin.js';
import { applyReact } from './changes/react.js';
import { applyRecall } from './changes/recall.js';
import { applySend, type SendOutcome } from './changes/send.js';
import type { EventRow } from './log-rows.js';
import type { WorkingSet } from './working-set.js';

/** What a change answers. `message` is the row in its new state. */
export type ChangeOutcome =
  | ({ kind: 'send' } & SendOutcome)
  | { kind: 'fact'; seq: number }
  | ({ kind: 'cursor' } & CursorOutcome)
  | { kind: 'edit' | 'recall' | 'react' | 'pin'; message: EventRow }
  | ({ kind: 'hide' } & HideOutcome);

/** Applies a batch in order. A change that is refused leaves no trace and does not hinder the others. */
export function applyChanges(
  set: WorkingSet,
  changes: readonly LogChange[],
  now: number,
  windows: MessageWindows,
): (ChangeOutcome | DomainError)[] {
  return changes.map((change) => {
    try {
      return applyChange(set, change, now, windows);
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
  });
}

function applyChange(set: WorkingSet, change: LogChange, now: number, windows: MessageWindows): ChangeOutcome {
  switch (change.kind) {
    case 'send':
      return { kind: 'send', ...applySend(set, change, now) };
    case 'fact':
      return { kind: 'fact', seq: applyFact(set, change, now) };
    case 'cursor':
      return { kind: 'cursor', ...applyCursor(set, change) };
    case 'edit':
      return { kind: 'edit', message: applyEdit(set, change, now, windows) };
    case 'recall':
      return { kind: 'recall', message: applyRecall(set, change, now, windows) };
    case 'hide':
      return { kind: 'hide', ...applyHide(set, change, now) };
    case 'react':
      return { kind: 'react', message: applyReact(set, change, now) };
    case 'pin':
      return { kind: 'pin', message: applyPin(set, change, now) };
  }
}
