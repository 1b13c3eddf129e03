import { describe, expect, it } from 'vitest';
import { useStandalone } from '../support/use-server.js';
import { runLedger } from './run-ledger.js';

describe('the ledger of sends', () => {
  const server = useStandalone('ledger');

  it('nothing acked is lost, repeated or reordered by three kills of the server', async () => {
    const seed = Date.now() % 1_000_000;
    const report = await runLedger(server.current, {
      seed,
      kills: 3,
      users: 4,
      devicesEach: 2,
      sendsPerSecond: 60,
      say: () => {},
    });
    expect(report.violations, `seed ${seed}`).toEqual([]);
    expect(report.acked).toBe(report.sends);
    expect(report.retried, 'a run whose kills hit nothing proves nothing').toBeGreaterThan(0);
    expect(report.convergedMs).toBeLessThan(10_000);
  });
});
