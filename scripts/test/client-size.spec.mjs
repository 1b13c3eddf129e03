import { describe, expect, it } from 'vitest';
import { bundleClient, CLIENT_BUDGET, gzipped } from '../lib/client-bundle.mjs';

describe('the bundle of the SDK', { timeout: 30_000 }, () => {
  it('is small, and imports nothing but socket.io-client', async () => {
    const code = await bundleClient();
    expect([...code.matchAll(/(?:from|import)\s*"([^"]+)"/g)].map(([, name]) => name)).toEqual(['socket.io-client']);
    expect(gzipped(code)).toBeLessThan(CLIENT_BUDGET);
  });

  it('leaves out what an application does not use', async () => {
    const code = await bundleClient({
      source: `import { ParleyError } from '@parley/client'; export default ParleyError;`,
    });
    expect(code).not.toContain('socket.io');
    expect(code.length).toBeLessThan(1500);
  });

  it('has what it depends on in it where that is wanted', async () => {
    expect(await bundleClient({ withSocket: true })).not.toMatch(/from\s*"socket\.io-client"/);
  });
});
