// Runs `run(...arguments)` of a TypeScript module from its sources, in a process of its own: a test that kills needs no build.
import { runnerImport } from 'vite';

const [file, ...parameters] = process.argv.slice(2);
const conditions = ['@parley/source', 'module', 'node', 'development|production'];
const { module } = await runnerImport(file, {
  configFile: false,
  logLevel: 'error',
  // As in vitest.config.ts: Nest reads constructor parameter types at run time.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  environments: { inline: { resolve: { conditions, noExternal: [/^@parley\//] } } },
});
await module.run(...parameters);
