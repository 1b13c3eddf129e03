import { errorText } from '@parley/contracts';
import { printable } from '../terminal/table.js';

interface Problem {
  code: string;
  title?: string;
  detail?: string;
  retryAfterMs?: number;
  errors?: { path: string; message: string }[];
  traceId?: string;
}

const isProblem = (content: unknown): content is Problem =>
  typeof content === 'object' && content !== null && typeof (content as Problem).code === 'string';

/** A refusal as lines: code and meaning, wrong fields, what to do. */
export function refusalText(status: number, content: unknown): string {
  if (!isProblem(content)) return `The server answered ${status}. Is PARLEY_URL the address of a Parley server?`;
  const { code, title, detail, retryAfterMs, errors = [], traceId } = content;
  const known = errorText(code, 'en');
  // The server's detail is often the advice itself: each line is said once.
  const lines = new Set([
    `${code}: ${title ?? known?.meaning ?? `status ${status}`}`,
    ...(detail === undefined ? [] : [detail]),
    ...errors.map(({ path, message }) => `  ${path}: ${message}`),
    ...(known ? [known.advice] : []),
    ...(retryAfterMs === undefined ? [] : [`Try again in ${Math.ceil(retryAfterMs / 1000)} s.`]),
    ...(code === 'server.internal' && traceId ? [`traceId ${traceId}`] : []),
  ]);
  return [...lines].map(printable).join('\n');
}
