import type { CursorChange } from './move-cursor.js';
import type { EditChange } from './edit.js';
import type { FactChange } from './fact.js';
import type { HideChange } from './hide.js';
import type { PinChange } from './pin.js';
import type { ReactChange } from './react.js';
import type { RecallChange } from './recall.js';
import type { SendChange } from './send.js';

/** Everything that can be written to a log. A batch may mix them; they take effect in their order. */
export type LogChange =
  | SendChange
  | FactChange
  | CursorChange
  | EditChange
  | RecallChange
  | HideChange
  | ReactChange
  | PinChange;
export type { CursorChange, EditChange, FactChange, HideChange, PinChange, ReactChange, RecallChange, SendChange };
