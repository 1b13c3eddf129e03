import { policyEngineContract } from '@parley/core-gateway/testing';
import { describe, expect, it } from 'vitest';
import { CasbinPolicyEngine } from './casbin-policy-engine.js';

policyEngineContract('Casbin', () => new CasbinPolicyEngine());

describe('CasbinPolicyEngine', () => {
  it('holds links for those whom rules name, not for every user who asks', async () => {
    const engine = new CasbinPolicyEngine();
    const policy = await engine.compile([{ ptype: 'p', values: ['user', '/a', '.*', 'allow'] }]);
    const keys = new Set(Array.from({ length: 1000 }, (_, i) => policy.keyOf({ userId: `0-${i}`, roles: ['user'] })));
    expect(keys.size).toBe(1);
  });
});
