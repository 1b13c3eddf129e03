import { counter, gauge, histogram } from '@parley/platform';
import type { Clock } from '@parley/kernel';
import { type CommitWatch, GroupCommitLog } from './outbound/group-commit-log.js';
import type { MessageRelay } from './outbound/message-relay.js';
import type { CommitRunner } from './outbound/commit-runner.js';

/** One observation per transaction, not per message: metrics must not cost what they measure. */
class CommitMetrics implements CommitWatch {
  private readonly changes = counter(
    'parley_message_changes_total',
    'Changes answered by the log: sends, facts, cursors, edits',
  );
  private readonly sizes = histogram(
    'parley_message_commit_changes',
    'Changes per transaction',
    [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  );
  private readonly times = histogram(
    'parley_message_commit_seconds',
    'Time of one transaction',
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
  );

  committed(changes: number, ms: number): void {
    this.changes.inc(changes);
    this.sizes.observe(changes);
    this.times.observe(ms / 1000);
  }
}

/** The group-commit log with its queues and transactions in the metrics. */
export function measuredLog(runner: CommitRunner, relay: MessageRelay, clock: Clock): GroupCommitLog {
  const log = new GroupCommitLog(runner, relay, clock, new CommitMetrics());
  gauge('parley_message_changes_waiting', 'Changes waiting for a transaction', () => log.depth);
  gauge('parley_message_commits_unpublished', 'Commits waiting for the event log', () => relay.depth);
  return log;
}
