import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { at } from './root.mjs';

/** What applications may be asked to load for the SDK, without socket.io-client: gzip, in bytes. */
export const CLIENT_BUDGET = 30 * 1024;

const ENTRY = 'libs/client/src/index.ts';

/** The SDK in one file, as a bundler would put it into an application; with `withSocket` the only thing it depends on as well. */
export async function bundleClient({ withSocket = false, source } = {}) {
  const bundle = await rolldown({
    input: source === undefined ? at(ENTRY) : 'application',
    platform: 'browser',
    external: withSocket ? [] : ['socket.io-client'],
    logLevel: 'silent',
    ...(source === undefined ? {} : { plugins: [virtual(source)] }),
  });
  try {
    const { output } = await bundle.generate({ format: 'es', minify: true, codeSplitting: false });
    return output[0].code;
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
