import nx from '@nx/eslint-plugin';
import vue from 'eslint-plugin-vue';
import { builtinRules } from 'eslint/use-at-your-own-risk';
import { createProjectGraphAsync } from 'nx/src/devkit-exports.js';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';
import { boundaries, boundariesOfBlackBox, boundariesOfTests } from './scripts/lint/boundaries.mjs';
import * as no from './scripts/lint/restrictions.mjs';

// The boundary rule reads the project graph from Nx's cache and passes everything when there is none: make it first.
process.env.NX_DAEMON ??= 'false';
await createProjectGraphAsync({ exitOnError: false });

const NODE_GLOBALS = [
  'process',
  'console',
  'performance',
  'URL',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'crypto',
  'fetch',
  'Response',
  'Buffer',
  'AbortSignal',
  'AbortController',
];

const TS = ['**/*.ts', '**/*.vue'];
const TESTS = ['**/*.spec.ts', '**/*.contract.ts', '**/test/**/*.ts', '**/testing/**/*.ts'];
const INNER = ['libs/kernel/src/**/*.ts', 'libs/core/*/src/**/*.ts'];

const recommended = Object.fromEntries(
  [...builtinRules].filter(([, rule]) => rule.meta.docs.recommended).map(([id]) => [id, 'error']),
);
const lines = (max) => ({ max, skipBlankLines: true, skipComments: true });

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/gen/**',
      '**/node_modules/**',
      'coverage/**',
      '.nx/**',
      '.data/**',
      '.stack/**',
      '.tmp/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,mjs,js}'],
    // One rule id has one severity; the softer limit is the same rule under another name.
    plugins: { parley: { rules: { 'max-lines-soft': builtinRules.get('max-lines') } } },
    rules: {
      ...recommended,
      'max-lines': ['error', lines(450)],
      'parley/max-lines-soft': ['warn', lines(300)],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.{mjs,js}'],
    languageOptions: { globals: Object.fromEntries(NODE_GLOBALS.map((name) => [name, 'readonly'])) },
  },
  {
    files: TS,
    extends: [tseslint.configs.recommended],
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      ...boundaries,
      ...no.imports(no.DEEP),
      ...no.namedExports,
    },
  },
  {
    files: ['**/*.vue'],
    extends: [vue.configs['flat/recommended-error']],
    languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.vue'] } },
    rules: {
      // What others wrote is shown as text, always.
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      // A component is the default export of its file.
      'no-restricted-syntax': 'off',
      // Layout of markup is not for the linter.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/require-default-prop': 'off',
      'no-undef': 'off',
    },
  },
  { files: ['**/*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['libs/**/src/**/*.ts', 'apps/*/src/**/*.ts'], rules: no.imports(no.DEEP, no.TEST_TOOLS) },
  { files: ['apps/web/**/*.{ts,vue}'], rules: no.imports(no.DEEP, no.TEST_TOOLS, no.NOT_THE_CLIENT) },
  { files: ['libs/adapters/**/*.ts'], rules: no.imports(no.DEEP, no.TEST_TOOLS, no.NEST) },
  { files: ['libs/client/**/*.ts'], rules: no.imports(no.DEEP, no.TEST_TOOLS, no.CONTRACT_VALUES, no.SERVER_PACKAGES) },
  { files: ['libs/kernel/src/**/*.ts'], rules: no.imports(no.EVERY_PACKAGE) },
  {
    files: ['libs/core/*/src/**/*.ts'],
    rules: no.imports(no.DEEP, no.TEST_TOOLS, no.TECHNOLOGY, no.INPUT_OUTPUT, no.RANDOMNESS),
  },
  {
    files: ['libs/core/*/src/domain/**/*.ts'],
    rules: no.imports(no.DEEP, no.TEST_TOOLS, no.TECHNOLOGY, no.INPUT_OUTPUT, no.RANDOMNESS, no.OUTER_LAYERS),
  },
  { files: INNER, ignores: TESTS, rules: no.deterministic },
  { files: TESTS, rules: { ...boundariesOfTests, ...no.imports(no.DEEP_IN_TESTS) } },
  {
    files: ['libs/core/**/*.spec.ts', 'libs/core/**/testing/**/*.ts'],
    rules: no.imports(no.DEEP_IN_TESTS, no.TECHNOLOGY),
  },
  { files: ['libs/core/*/src/testing/**/*.ts'], ignores: ['**/*.contract.ts'], rules: no.deterministic },
  { files: ['apps/{e2e,bench}/**/*.ts'], rules: boundariesOfBlackBox },
  // Nothing but tests and what they share.
  { files: ['apps/e2e/src/**/*.ts'], rules: no.imports(no.DEEP) },
  {
    files: ['libs/**/src/**/*.ts', 'apps/*/src/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
);
