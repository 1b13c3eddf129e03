import { baseCompile } from '@intlify/message-compiler';
import type { Plugin } from 'vite';

/**
 * Texts with placeholders and plurals are compiled here, so that the browser need not have the compiler (5 kB).
 * Texts without stay as they are.
 */
export function compiledMessages(): Plugin {
  return {
    name: 'parley:messages',
    enforce: 'pre',
    transform(code, id) {
      return /\/i18n\/[^/]+\/[^/]+\.json$/u.test(id)
        ? { code: JSON.stringify(compiled(JSON.parse(code))), map: null }
        : null;
    },
  };
}

function compiled(value: unknown): unknown {
  if (typeof value === 'string') return /[{|@]/u.test(value) ? astOf(value) : value;
  return Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, compiled(inner)]));
}

function astOf(text: string): unknown {
  const problems: string[] = [];
  const { ast } = baseCompile(text, {
    jit: true,
    location: false,
    optimize: true,
    minify: true,
    onError: (error) => problems.push(error.message),
  });
  if (problems.length > 0) throw new Error(`“${text}”: ${problems.join(', ')}`);
  return ast;
}
