import { ERROR_CODES, type ErrorCodeName } from './error-codes.js';
import { ERROR_TEXTS_ZH_CN, type ErrorText } from './error-codes.zh-cn.js';

export type ErrorLanguage = 'en' | 'zh-CN';

/** Meaning and advice of a code in a language; in English where it has none in that language, undefined for a code that is not published. */
export function errorText(code: string, language: ErrorLanguage): ErrorText | undefined {
  const name = code as ErrorCodeName;
  return (language === 'zh-CN' ? ERROR_TEXTS_ZH_CN[name] : undefined) ?? ERROR_CODES[name];
}

/** The language of error texts that an `Accept-Language` header (RFC 9110 §12.5.4) prefers: English unless Chinese ranks above it. */
export function errorLanguage(acceptLanguage: string | undefined): ErrorLanguage {
  const ranked = (acceptLanguage ?? '').split(',').map((range) => {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    return { tag: tag.split('-')[0]!, weight: q === undefined ? 1 : Number(q.slice(2)) };
  });
  const weightOf = (tag: string) => Math.max(0, ...ranked.flatMap((one) => (one.tag === tag ? [one.weight] : [])));
  const order = (tag: string) => ranked.findIndex((one) => one.tag === tag);
  const [zh, en] = [weightOf('zh'), weightOf('en')];
  return zh > en || (zh > 0 && zh === en && order('zh') < order('en')) ? 'zh-CN' : 'en';
}
