/**
 * Who may import whom, on two axes. A project carries one tag of each; an import has to be allowed by both.
 * The type axis keeps the layers apart, the scope axis keeps one context out of another.
 */
const SERVER_SIDE = ['type:platform', 'type:adapter', 'type:contract', 'type:kernel'];

/** Types that nobody but an app may wire together. Apps themselves appear on no right-hand side: nothing imports an app. */
const MAY_IMPORT = {
  kernel: [],
  core: ['type:kernel'],
  contract: ['type:kernel'],
  adapter: ['type:kernel', 'type:contract', 'type:adapter'],
  platform: ['type:kernel', 'type:contract', 'type:adapter'],
  service: ['type:core', ...SERVER_SIDE],
  client: ['type:contract'],
  testing: ['type:kernel', 'type:contract', 'type:adapter'],
  app: ['type:service', 'type:client', ...SERVER_SIDE],
};

export const TYPES = Object.keys(MAY_IMPORT);

export const SCOPES = [
  'gateway',
  'identity',
  'conversation',
  'message',
  'delivery',
  'presence',
  'file',
  'media-signal',
];

/** Only these types belong to a context; every other project serves all of them and is `scope:shared`. */
export const SCOPED_TYPES = ['core', 'service', 'app'];

// `scope:shared` needs no line: a shared library is held back by its type, and the shared apps (standalone, e2e, bench) wire every context.
const scopes = SCOPES.map((scope) => ({
  sourceTag: `scope:${scope}`,
  onlyDependOnLibsWithTags: [`scope:${scope}`, 'scope:shared'],
}));

function types(extra = []) {
  return TYPES.map((type) => ({
    sourceTag: `type:${type}`,
    onlyDependOnLibsWithTags: [...MAY_IMPORT[type], ...extra],
  }));
}

const rule = (depConstraints) => ({
  '@nx/enforce-module-boundaries': ['error', { depConstraints, banTransitiveDependencies: true }],
});

export const boundaries = rule([...types(), ...scopes]);

/** Specs may use the fake clock, builders and starters of `libs/testing` on top. */
export const boundariesOfTests = rule([...types(['type:testing']), ...scopes]);

/** End-to-end flows and load know the public contract only, so that they hold for any implementation behind it. */
export const boundariesOfBlackBox = rule([
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: ['type:client', 'type:contract', 'type:kernel', 'type:testing'],
  },
]);
