/** A piece of code that the lint has to refuse, and what refuses it. */
export interface Refusal {
  /** Completes "refuses …". */
  what: string;
  /** Where the code would stand; the file need not exist. */
  file: string;
  code: string;
  rule: string;
  /** The message of the rule, where one rule guards several things. */
  says?: RegExp;
}

const BOUNDARY = '@nx/enforce-module-boundaries';
const IMPORT = '@typescript-eslint/no-restricted-imports';

const DOMAIN = 'libs/core/message/src/domain/wrong.ts';
const CORE = 'libs/core/message/src/application/wrong.ts';
const SERVICE = 'libs/service/message/src/wrong.ts';
const KERNEL = 'libs/kernel/src/wrong.ts';
const APP = 'apps/message/src/wrong.ts';

const uses = (module: string) => `import { wrong } from '${module}';\nexport const used = wrong;\n`;

const imports = (what: string, file: string, module: string, says: RegExp, rule = BOUNDARY): Refusal => ({
  what,
  file,
  code: uses(module),
  rule,
  says,
});

/** Nx names the tag whose line was broken; where an import would close a circle it says that first. */
export const PROJECTS: Refusal[] = [
  imports('a kernel that imports a context', KERNEL, '@parley/core-message', /ircular dependency|type:kernel/),
  imports('a core that imports the platform', CORE, '@parley/platform', /"type:core"/),
  imports('a core that imports the contracts', CORE, '@parley/contracts', /"type:core"/),
  imports('a core that imports an adapter', CORE, '@parley/adapter-sql', /"type:core"/),
  imports('a core that imports a service', CORE, '@parley/service-identity', /"type:core"/),
  imports('a core that imports another core', CORE, '@parley/core-identity', /"type:core"/),
  imports('contracts that import a core', 'libs/contracts/src/wrong.ts', '@parley/core-message', /"type:contract"/),
  imports('an adapter that imports a core', 'libs/adapters/sql/src/wrong.ts', '@parley/core-message', /"type:adapter"/),
  imports('a platform that imports a core', 'libs/platform/src/wrong.ts', '@parley/core-message', /"type:platform"/),
  imports('a service that imports another service', SERVICE, '@parley/service-identity', /"type:service"/),
  imports('a service that imports the core of another scope', SERVICE, '@parley/core-identity', /"scope:message"/),
  imports(
    'a testing library that imports a core',
    'libs/testing/src/wrong.ts',
    '@parley/core-message',
    /"type:testing"/,
  ),
  imports('an app that imports a core', APP, '@parley/core-message', /"type:app"/),
  imports('an app that imports a service of another scope', APP, '@parley/service-identity', /"scope:message"/),
  imports('production code that imports the test library', SERVICE, '@parley/testing', /"type:service"/),
  imports('an import of an app', 'apps/bench/src/wrong.ts', '@parley/standalone/src/main.ts', /Imports of apps/),
  imports(
    'an end-to-end test that imports a service',
    'apps/e2e/src/wrong.spec.ts',
    '@parley/service-message',
    /"type:app"/,
  ),
  imports('a relative path into another project', CORE, '../../../../kernel/src/index.js', /relative or absolute path/),
  imports('a package that package.json does not name', SERVICE, 'left-pad', /package\.json/),
  imports('a file behind the index of another project', SERVICE, '@parley/kernel/src/ids.js', /publishes/, IMPORT),
  imports('test support of a core in production code', SERVICE, '@parley/core-message/testing', /publishes/, IMPORT),
];

const TECHNOLOGY = [
  '@nestjs/common',
  'rxjs',
  'typeorm',
  'better-sqlite3',
  'mysql2/promise',
  'ioredis',
  'kafkajs',
  'minio',
  'consul',
  'socket.io',
  '@grpc/grpc-js',
];

export const PACKAGES: Refusal[] = [
  ...TECHNOLOGY.map((name) => imports(`${name} in a core`, CORE, name, /behind a port/, IMPORT)),
  imports('technology in a test of a core', 'libs/core/message/src/wrong.spec.ts', 'typeorm', /behind a port/, IMPORT),
  imports('input or output in a core', CORE, 'node:fs', /behind a port/, IMPORT),
  imports('any package in the kernel', KERNEL, 'rxjs', /depends on nothing/, IMPORT),
  imports('Nest in an adapter', 'libs/adapters/sql/src/wrong.ts', '@nestjs/common', /adapter knows one/, IMPORT),
  imports('Node in the client', 'libs/client/src/wrong.ts', 'node:crypto', /browser/, IMPORT),
  imports(
    'code of the contracts in the client',
    'libs/client/src/wrong.ts',
    '@parley/contracts',
    /takes types/,
    IMPORT,
  ),
  imports('a test tool outside of tests', SERVICE, 'vitest', /Test tools/, IMPORT),
  imports('a fake outside of tests', CORE, '../testing/in-memory-log.js', /Test tools/, IMPORT),
  imports('a domain that imports a use case', DOMAIN, '../application/send-message.js', /domain knows/, IMPORT),
  imports('a domain that imports a port', DOMAIN, '../ports/conversation-log.js', /domain knows/, IMPORT),
  imports('a domain that imports its own index', DOMAIN, '../index.js', /domain knows/, IMPORT),
];

const calls = (what: string, code: string, rule: string, file = CORE): Refusal => ({ what, file, code, rule });

export const CALLS: Refusal[] = [
  calls('Date.now() in a core', 'export const now = Date.now();', 'no-restricted-properties'),
  calls('new Date() in a core', 'export const now = new Date();', 'no-restricted-syntax'),
  calls('Date() in a core', 'export const now = Date();', 'no-restricted-syntax'),
  calls('a stopwatch in a core', 'export const now = performance.now();', 'no-restricted-globals'),
  calls('Math.random() in a core', 'export const dice = Math.random();', 'no-restricted-properties'),
  calls('crypto.randomUUID() in a core', 'export const id = crypto.randomUUID();', 'no-restricted-properties'),
  calls('random bytes in a core', `export { randomBytes } from 'node:crypto';`, IMPORT),
  calls('settings in a core', 'export const mode = process.env.MODE;', 'no-restricted-globals'),
  calls('printing in a core', `console.log('hello');`, 'no-console'),
  calls('the clock in the kernel', 'export const now = Date.now();', 'no-restricted-properties', KERNEL),
  calls(
    'the clock in a fake',
    'export const now = Date.now();',
    'no-restricted-properties',
    'libs/core/message/src/testing/fake.ts',
  ),
  calls('a default export', 'export default function wrong() {}', 'no-restricted-syntax', SERVICE),
  calls('a default export by name', 'const wrong = 1;\nexport { wrong as default };', 'no-restricted-syntax', APP),
  calls('any', 'export const wrong: any = 1;', '@typescript-eslint/no-explicit-any', SERVICE),
  calls('a file of more than 450 lines', 'export {};\n'.repeat(451), 'max-lines', SERVICE),
];

/** These need types, and types need a file of a project: the code stands in for the index of this core. */
const TYPED = 'libs/core/message/src/index.ts';

export const TYPE_AWARE: Refusal[] = [
  calls(
    'a promise that nobody waits for',
    'async function save() {}\nexport function wrong() {\n  save();\n}',
    '@typescript-eslint/no-floating-promises',
    TYPED,
  ),
  calls(
    'a switch that forgets a case, in spite of a default',
    `export function wrong(kind: 'text' | 'file') {\n  switch (kind) {\n    case 'text':\n      return 1;\n    default:\n      return 2;\n  }\n}`,
    '@typescript-eslint/switch-exhaustiveness-check',
    TYPED,
  ),
];

/** What looks alike and is right: a rule that refused everything would pass the lists above. */
export const ALLOWED: Omit<Refusal, 'rule'>[] = [
  { what: 'a core that imports the kernel', file: CORE, code: uses('@parley/kernel') },
  { what: 'a core that hashes', file: CORE, code: uses('node:crypto').replaceAll('wrong', 'createHash') },
  { what: 'a core that reads a given time', file: CORE, code: 'export const at = (ms: number) => new Date(ms);' },
  { what: 'a use case that imports the domain', file: CORE, code: uses('../domain/message.js') },
  { what: 'a service that imports its own core', file: SERVICE, code: uses('@parley/core-message') },
  { what: 'a second published entry', file: SERVICE, code: uses('@parley/contracts/rpc') },
  { what: 'standalone with any service', file: 'apps/standalone/src/right.ts', code: uses('@parley/service-identity') },
  {
    what: 'a test that uses the test library',
    file: 'libs/service/message/src/right.spec.ts',
    code: uses('@parley/testing'),
  },
  {
    what: 'types of the contracts in the client',
    file: 'libs/client/src/right.ts',
    code: `export type { Page } from '@parley/contracts';`,
  },
];
