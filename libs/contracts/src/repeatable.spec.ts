import { describe, expect, it } from 'vitest';
import { isRepeatable, REPEATABLE_WRITES } from './repeatable.js';
import * as rpc from './rpc.js';

const paths = Object.values(rpc)
  .flatMap((namespace) => (typeof namespace === 'object' ? Object.entries(namespace) : []))
  .filter(([name]) => name.endsWith('ServiceService'))
  .flatMap(([, service]) => Object.values(service as unknown as rpc.ServiceDefinition).map(({ path }) => path));

describe('calls that may be made twice', () => {
  it('are methods that exist', () => {
    expect(paths.length).toBeGreaterThan(90);
    for (const path of REPEATABLE_WRITES) expect(paths).toContain(path);
  });

  it('are reads, and the writes that are named', () => {
    const names = paths.filter(isRepeatable).map((path) => path.slice(path.lastIndexOf('/') + 1));
    for (const name of names.filter((one) => !/^(Get|List|Check|Search|Filter|Locate|Sync|Verify)/.test(one)))
      expect(REPEATABLE_WRITES.some((path) => path.endsWith(`/${name}`))).toBe(true);
    expect(names).toEqual(expect.arrayContaining(['Sync', 'GetPolicySet', 'AppendBatch', 'CheckMembers']));
  });

  it.each([
    'Register',
    'Login',
    'Refresh',
    'Logout',
    'Ban',
    'CreateConversation',
    'PushBatch',
    'Invite',
    'EditMessage',
  ])('are not %s', (name) => {
    const path = paths.find((one) => one.endsWith(`/${name}`));
    expect(path).toBeDefined();
    expect(isRepeatable(path as string)).toBe(false);
  });
});
