import type { SignedRequest } from '@parley/core-file';

export const headersOf = (headers: SignedRequest['headers']): Record<string, string> =>
  Object.fromEntries(headers.map(({ name, value }) => [name, value]));

/** Does what a ticket says. */
export async function send({ method, url, headers }: SignedRequest, bytes: Uint8Array, more = {}): Promise<Response> {
  return fetch(url, {
    method,
    headers: { ...headersOf(headers), ...more },
    body: new Uint8Array(bytes),
  });
}

/** What a download is, for the contract of object stores. */
export async function download(url: string) {
  const answer = await fetch(url);
  const { status } = answer;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (status !== 200) return { status };
  const disposition = answer.headers.get('content-disposition') ?? '';
  const [, name = ''] = /^attachment; .*filename\*=UTF-8''(.*)$/.exec(disposition) ?? [];
  return {
    status,
    bytes,
    contentType: answer.headers.get('content-type') ?? '',
    fileName: decodeURIComponent(name),
  };
}
