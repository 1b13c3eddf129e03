import type { Clock } from '@parley/kernel';
import type { LiveSession } from '../domain/presence-state.js';
import type { SessionDirectory } from '../ports/session-directory.js';
import type { WatchRegistry } from '../ports/watch-registry.js';
import type { LastSeenJournal } from './last-seen-journal.js';
import type { PresenceTracker } from './presence-tracker.js';

/** A node's live sessions come, go, and go with it. */
export class Sessions {
  /** Watching sessions that lived nowhere at the last sweep of this instance. */
  private strangers = new Set<string>();

  constructor(
    private readonly directory: SessionDirectory,
    private readonly watches: WatchRegistry,
    private readonly tracker: PresenceTracker,
    private readonly lastSeen: LastSeenJournal,
    private readonly clock: Clock,
  ) {}

  /** Answers the node's lease. */
  async open(nodeId: string, sessions: readonly LiveSession[]): Promise<string> {
    const { arrived, lease } = await this.directory.open(nodeId, sessions);
    // Noted on arrival too: after a crash at least this is known.
    this.lastSeen.note(arrived, this.clock.now());
    this.tracker.arrived(arrived);
    return lease;
  }

  async close(nodeId: string, sessions: readonly LiveSession[]): Promise<void> {
    await this.ended(await this.directory.close(nodeId, sessions), this.clock.now());
  }

  /** Ends what nodes without a lease held, and the grace of those whose instance did not live to do it. */
  async expire(): Promise<void> {
    for (const node of await this.directory.expire()) await this.ended(node, node.seenAt);
    await this.tracker.depart();
  }

  /** Drops watches of sessions that closed before their watch arrived: those that live nowhere twice in a row. */
  async sweepWatches(): Promise<void> {
    const strangers = new Set<string>();
    for (let from = ''; ; ) {
      const { sessionIds, next } = await this.watches.sessions(from);
      const { nodes } = await this.directory.locate({ sessionIds, userIds: [], conversationIds: [] });
      const live = new Set(nodes.flatMap((node) => node.sessionIds));
      for (const id of sessionIds) if (!live.has(id)) strangers.add(id);
      if (next === '') break;
      from = next;
    }
    const gone = [...strangers].filter((id) => this.strangers.has(id));
    if (gone.length > 0) await this.watches.drop(gone);
    this.strangers = strangers;
  }

  private async ended({ userIds, sessionIds }: { userIds: string[]; sessionIds: string[] }, at: number): Promise<void> {
    this.lastSeen.note(userIds, at);
    if (userIds.length > 0) this.tracker.left();
    if (sessionIds.length > 0) await this.watches.drop(sessionIds);
  }
}
