/** What a file may import and call by where it lies. Later blocks of the flat config replace earlier ones, so each lists all it refuses. */

const pattern = (regex, message, more = {}) => ({ regex, message, ...more });

/** A project publishes its index and perhaps one more entry by name (`@parley/contracts/rpc`); a path with a file in it goes past both. */
export const DEEP = pattern(
  '^@parley/[^/]+/(testing$|src$|dist$|.*[./])',
  'Import what the project publishes, never a file behind it.',
);

/** Contract suites and builders are published under `/testing`, for specs only. */
export const DEEP_IN_TESTS = pattern('^@parley/[^/]+/(src$|dist$|.*[./])', DEEP.message);

export const TEST_TOOLS = pattern('^(vitest|fast-check)(/|$)|/testing/', 'Test tools belong in specs and in testing/.');

/** The kernel also runs in a browser, under the client. */
export const EVERY_PACKAGE = pattern('^[^.]', 'The kernel depends on nothing.');

export const TECHNOLOGY = pattern(
  '^(@nestjs/|@grpc/|@socket\\.io/|(rxjs|typeorm|better-sqlite3|mysql2|ioredis|kafkajs|minio|consul|socket\\.io)(/|$))',
  'The core is plain TypeScript: put the technology behind a port.',
);

export const INPUT_OUTPUT = pattern('^node:(?!crypto$)', 'The core does no input or output: put it behind a port.');

/** The core gets ids and secrets through IdGenerator; hashing is fine. */
export const RANDOMNESS = pattern('^node:crypto$', 'Ids and secrets come from the IdGenerator port.', {
  importNamePattern: '^(random|webcrypto|getRandomValues|default$)',
});

export const OUTER_LAYERS = pattern(
  '^(\\.\\./)+(application|ports|testing|index)(/|\\.)',
  'The domain knows neither its use cases nor its ports.',
);

export const NEST = pattern('^@nestjs/', 'An adapter knows one technology, and Nest is another.');

export const CONTRACT_VALUES = pattern(
  '^@parley/contracts(/|$)',
  'The client takes types from the contracts, no code.',
  {
    allowTypeImports: true,
  },
);

export const SERVER_PACKAGES = pattern(
  '^(node:|@nestjs/|@grpc/|rxjs|typeorm|socket\\.io(/|$)|pino)',
  'The client also runs in a browser.',
);

/** What an application outside of this repository would have. */
export const NOT_THE_CLIENT = pattern('^(node:|@parley/(?!client($|/)))', 'The web client is built on the SDK alone.');

export const imports = (...patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns }] });

const NO_DEFAULT_EXPORT = ['ExportDefaultDeclaration', 'ExportSpecifier[exported.name="default"]'].map((selector) => ({
  selector,
  message: 'Export by name: one name per thing, everywhere.',
}));

const NO_CLOCK = ['NewExpression[callee.name="Date"][arguments.length=0]', 'CallExpression[callee.name="Date"]'].map(
  (selector) => ({ selector, message: 'Time comes from the Clock port.' }),
);

export const namedExports = { 'no-restricted-syntax': ['error', ...NO_DEFAULT_EXPORT] };

/** Same input, same result: the core can then be replayed and tested without waiting. */
export const deterministic = {
  'no-restricted-syntax': ['error', ...NO_DEFAULT_EXPORT, ...NO_CLOCK],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'Time comes from the Clock port.' },
    { object: 'Math', property: 'random', message: 'Chance comes through a port.' },
    { property: 'randomUUID', message: 'Ids come from the IdGenerator port.' },
  ],
  'no-restricted-globals': ['error', 'process', 'performance', 'crypto'],
  'no-console': 'error',
};
