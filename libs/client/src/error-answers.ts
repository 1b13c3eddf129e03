import type { ErrorCode } from './api.js';
import { type ClientErrorCode, type ErrorMaker, ParleyError } from './errors.js';

/** In English and Chinese; by the code without `client.`. */
const TEXTS = {
  offline: ['There is no connection to the server.', '无法连接到服务器。'],
  timeout: ['The server did not answer in time.', '服务器未及时响应。'],
  closed: ['The client was closed.', '客户端已关闭。'],
  signed_out: ['You are not signed in.', '您尚未登录。'],
  upload_failed: ['The file could not be uploaded.', '文件上传失败。'],
  cancelled: ['It was cancelled.', '操作已取消。'],
  bad_answer: [
    'Something between you and the server answered in its place.',
    '响应并非来自服务器，可能被网络中的代理拦截。',
  ],
} satisfies { [C in ClientErrorCode as C extends `client.${infer Name}` ? Name : never]: [en: string, zh: string] };

/** What may pass by itself. */
const RETRYABLE: readonly ClientErrorCode[] = ['client.offline', 'client.timeout', 'client.bad_answer'];

export function errorMaker(language: string): ErrorMaker {
  const column = /^zh/i.test(language) ? 1 : 0;
  return (code, details) =>
    new ParleyError(code, TEXTS[code.slice(7) as keyof typeof TEXTS][column], {
      retryable: RETRYABLE.includes(code),
      ...details,
    });
}

/** An error as it crosses a wire: a socket's ack, the message of another tab. */
export interface PlainError {
  code: string;
  message: string;
  retryable?: boolean;
  retryAfterMs?: number | undefined;
  errors?: readonly { path: string; message: string }[] | undefined;
  status?: number | undefined;
  traceId?: string | undefined;
}

export function fromPlain({ code, message, ...details }: PlainError): ParleyError {
  return new ParleyError(code as ErrorCode, message, details);
}

export function toPlain(error: ParleyError): PlainError {
  const { code, message, retryable, retryAfterMs, errors, status, traceId } = error;
  return { code, message, retryable, retryAfterMs, errors, status, traceId };
}

export const isPlainError = (value: unknown): value is PlainError =>
  typeof value === 'object' && value !== null && typeof (value as PlainError).code === 'string';

/** An `application/problem+json` answer; undefined where it is none of Parley's. */
export function fromProblem(body: unknown, status: number): ParleyError | undefined {
  if (!isPlainError(body)) return undefined;
  const { title, detail, ...rest } = body as PlainError & { title?: string; detail?: string };
  const message = [title, detail].filter((part) => part !== undefined && part !== '').join(' ');
  return fromPlain({ ...rest, message: message || rest.code, status });
}
