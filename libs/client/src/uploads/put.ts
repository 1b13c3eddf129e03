import type { ErrorMaker } from '../errors.js';
import type { Clockwork } from '../ports.js';

export interface Ticket {
  method: string;
  url: string;
  headers: Record<string, string>;
}

export interface PutParts {
  fetch: typeof fetch;
  clockwork: Clockwork;
  errors: ErrorMaker;
}

/** Without a byte for this long, a connection is given up. */
const STALLED_MS = 30_000;
/** Where progress cannot be seen. */
const WITHIN_MS = 5 * 60_000;

/** Sends bytes to the object store, and answers its status. Rejects with `client.offline` or `client.timeout`, or as `signal` says. */
export type Put = (
  ticket: Ticket,
  bytes: Blob,
  signal: AbortSignal,
  progress: (sent: number) => void,
) => Promise<number>;

/** `fetch` cannot tell how much of a body has been sent. */
export const putWith = (parts: PutParts): Put =>
  typeof XMLHttpRequest === 'undefined' ? byFetch(parts) : byXhr(parts);

function byFetch({ fetch, clockwork, errors }: PutParts): Put {
  return async ({ method, url, headers }, bytes, signal, progress) => {
    const late = new AbortController();
    const stop = clockwork.after(WITHIN_MS, () => late.abort());
    try {
      const response = await fetch(url, {
        method,
        headers,
        body: bytes,
        signal: AbortSignal.any([signal, late.signal]),
      });
      await response.arrayBuffer();
      progress(bytes.size);
      return response.status;
    } catch {
      throw errors(signal.aborted ? 'client.cancelled' : late.signal.aborted ? 'client.timeout' : 'client.offline');
    } finally {
      stop();
    }
  };
}

function byXhr({ clockwork, errors }: PutParts): Put {
  return ({ method, url, headers }, bytes, signal, progress) =>
    new Promise((resolve, reject) => {
      const xhr = new XMLHttpRequest();
      let stop = () => {};
      const done = () => {
        stop();
        signal.removeEventListener('abort', giveUp);
      };
      const fail = (code: 'client.offline' | 'client.timeout' | 'client.cancelled') => {
        done();
        reject(errors(code));
        xhr.abort();
      };
      const giveUp = () => fail('client.cancelled');
      const alive = () => {
        stop();
        stop = clockwork.after(STALLED_MS, () => fail('client.timeout'));
      };
      if (signal.aborted) return fail('client.cancelled');
      signal.addEventListener('abort', giveUp);
      xhr.upload.onprogress = ({ loaded }) => {
        alive();
        progress(loaded);
      };
      xhr.onerror = () => fail('client.offline');
      xhr.onload = () => {
        done();
        resolve(xhr.status);
      };
      xhr.open(method, url);
      // `content-length` is in the ticket, and set by the browser.
      for (const [name, value] of Object.entries(headers))
        if (name.toLowerCase() !== 'content-length') xhr.setRequestHeader(name, value);
      alive();
      xhr.send(bytes);
    });
}
