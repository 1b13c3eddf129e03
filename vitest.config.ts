import { defineConfig } from 'vitest/config';

// The coverage gate is judged on a full run only; `npm test -- --only unit` measures nothing.
const COVERAGE_GATE = true;

const NEVER = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  // Nest reads constructor parameter types at run time, so the transform has to emit them as tsc does.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  // Tests read the sources of workspace packages: a run needs no build and its stack traces point at src.
  ssr: { resolve: { conditions: ['@parley/source', 'module', 'node', 'development|production'] } },
  test: {
    reporters: ['default', 'json'],
    outputFile: { json: '.tmp/vitest.json' },
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      reporter: ['text-summary', 'json-summary', 'html'],
      reportsDirectory: 'coverage',
      include: ['libs/**/src/**/*.ts', 'apps/*/src/**/*.ts'],
      // Left out: generated code, test code, and what runs in a process of its own, where v8 cannot look.
      exclude: [
        '**/gen/**',
        '**/*.spec.ts',
        '**/*.contract.ts',
        '**/index.ts',
        'libs/testing/**',
        'apps/{e2e,bench}/**',
        'apps/*/src/main.ts',
      ],
      thresholds: COVERAGE_GATE ? { lines: 80, 'libs/core/**/src/**': { lines: 90 } } : undefined,
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['libs/**/src/**/*.spec.ts', 'apps/*/src/**/*.spec.ts', 'scripts/**/*.spec.mjs'],
          exclude: [...NEVER, 'apps/e2e/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'component',
          sequence: { groupOrder: 1 },
          include: ['libs/service/*/test/**/*.spec.ts'],
          exclude: NEVER,
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          // After the cheap ones, and alone: a server that shares the processor with other tests measures them.
          sequence: { groupOrder: 2 },
          include: ['apps/e2e/src/**/*.spec.ts'],
          exclude: [...NEVER, 'apps/e2e/src/{browser,distributed,faults}/**'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          // People at a real browser, in front of a real server.
          sequence: { groupOrder: 3 },
          include: ['apps/e2e/src/browser/**/*.spec.ts'],
          exclude: NEVER,
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'distributed',
          // The same flows on the real engines, in many processes.
          sequence: { groupOrder: 4 },
          include: ['apps/e2e/src/distributed/**/*.spec.ts'],
          exclude: NEVER,
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          // Last: what it measures is how long things take.
          sequence: { groupOrder: 5 },
          include: ['apps/e2e/src/faults/**/*.spec.ts'],
          exclude: NEVER,
          fileParallelism: false,
        },
      },
    ],
  },
});
