import type { ErrorCode } from './api.js';
import { type ClientErrorCode, type ErrorMaker, ParleyError } from './errors.js';

type Language = 'en' | 'zh-CN';

const TEXTS: Record<ClientErrorCode, Record<Language, string>> = {
  'client.offline': { en: 'There is no connection to the server.', 'zh-CN': '无法连接到服务器。' },
  'client.timeout': { en: 'The server did not answer in time.', 'zh-CN': '服务器未及时响应。' },
  'client.closed': { en: 'The client was closed.', 'zh-CN': '客户端已关闭。' },
  'client.signed_out': { en: 'You are not signed in.', 'zh-CN': '您尚未登录。' },
  'client.upload_failed': { en: 'The file could not be uploaded.', 'zh-CN': '文件上传失败。' },
  'client.cancelled': { en: 'It was cancelled.', 'zh-CN': '操作已取消。' },
  'client.bad_answer': {
    en: 'Something between you and the server answered in its place.',
    'zh-CN': '收到的响应并非来自服务器，可能被网络中的代理拦截。',
  },
};

/** What may pass by itself. */
const RETRYABLE: readonly ClientErrorCode[] = ['client.offline', 'client.timeout', 'client.bad_answer'];

export function errorMaker(language: string): ErrorMaker {
  const own: Language = language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
  return (code, details) =>
    new ParleyError(code, TEXTS[code][own], { retryable: RETRYABLE.includes(code), ...details });
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
