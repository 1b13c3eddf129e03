import type { PlainError } from '../error-answers.js';

/**
 * What tabs say to each other. `here`: I exist, for the leader to watch over. `lead`: I lead now; answered by `here`, and by the questions that are still open.
 * `ask` → `heard` at once (the leader is alive) → `answered`.
 */
export type TabMessage = { from: string } & (
  | { is: 'here' }
  | { is: 'lead' }
  | { is: 'gone' }
  | { is: 'post'; kind: string; body: unknown }
  | { is: 'ask'; id: string; method: string; input: unknown }
  | { is: 'heard'; to: string; id: string }
  | { is: 'answered'; to: string; id: string; result: { data: unknown } | { error: PlainError } }
);
