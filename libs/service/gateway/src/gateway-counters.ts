import { errorText } from '@parley/contracts';
import { counterBy } from '@parley/platform';

const errors = counterBy('parley_gateway_errors_total', 'Error answers to clients', ['door', 'code']);
const closings = counterBy('parley_gateway_sockets_closed_total', 'Sockets that ended', ['reason']);

/** Shown as 0 from the start, as a rate cannot see a counter that begins with its first event: what operators are warned of. */
const WATCHED = ['server.busy', 'server.unavailable', 'server.internal'];
for (const code of WATCHED) for (const door of ['rest', 'socket']) errors.inc({ door, code }, 0);

/** Codes of our list only: a label must not grow with what others invent. */
export function countError(door: 'rest' | 'socket', code: string): void {
  errors.inc({ door, code: errorText(code, 'en') === undefined ? 'other' : code });
}

/** @param reason The code with which we closed it, `slow_reader`, or what Socket.IO says where the other side went. */
export function countClosed(reason: string): void {
  closings.inc({ reason });
}
