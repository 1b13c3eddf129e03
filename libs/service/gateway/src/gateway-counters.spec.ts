import { register } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { countClosed, countError } from './gateway-counters.js';

const page = async () => (await register.metrics()).split('\n');

describe('what the gateway counts', () => {
  it('shows refusals that operators are warned of from 0 on: a rate cannot see a counter that begins with its first event', async () => {
    for (const code of ['server.busy', 'server.unavailable', 'server.internal'])
      expect(await page()).toContain(`parley_gateway_errors_total{door="socket",code="${code}"} 0`);
  });

  it('takes codes of our list only, so that labels do not grow', async () => {
    countError('rest', 'auth.token_missing');
    countError('rest', 'somebody.invented_this');
    countError('rest', 'and.this');
    countClosed('server.draining');
    const lines = await page();
    expect(lines).toContain('parley_gateway_errors_total{door="rest",code="auth.token_missing"} 1');
    expect(lines).toContain('parley_gateway_errors_total{door="rest",code="other"} 2');
    expect(lines).toContain('parley_gateway_sockets_closed_total{reason="server.draining"} 1');
  });
});
