import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { at } from './root.mjs';

/** What applications may be asked to load for the SDK, without socket.io-client: gzip, in bytes. */
export const CLIENT_BUDGET = 30_000;

const ENTRY = 'libs/client/src/index.ts';

/** What a page loads of the SDK at its start, as a bundler would make it: the entry and what it imports at once, as one text. */
export async function bundleClient({ withSocket = false, source } = {}) {
  const bundle = await rolldown({
    input: source === undefined ? at(ENTRY) : 'application',
    platform: 'browser',
    external: withSocket ? [] : ['socket.io-client'],
    logLevel: 'silent',
    ...(source === undefined ? {} : { plugins: [virtual(source)] }),
  });
  try {
    // One file where it is to run as it is; else what is imported later stays out.
    const { output } = await bundle.generate({
      format: 'es',
      minify: true,
      comments: false,
      codeSplitting: !withSocket,
    });
    const byName = new Map(output.map((chunk) => [chunk.fileName, chunk]));
    const atOnce = new Set([output[0].fileName]);
    for (const name of atOnce)
      for (const other of byName.get(name)?.imports ?? []) if (byName.has(other)) atOnce.add(other);
    return [...atOnce].map((name) => byName.get(name).code).join('\n');
  } finally {
    await bundle.close();
  }
}

export const gzipped = (code) => gzipSync(code, { level: 9 }).length;

/** An application of a few lines, that imports from `@parley/client`. */
function virtual(source) {
  return {
    name: 'application',
    resolveId: (id) => (id === 'application' ? id : id === '@parley/client' ? at(ENTRY) : undefined),
    load: (id) => (id === 'application' ? source : undefined),
  };
}
