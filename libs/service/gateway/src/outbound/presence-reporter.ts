import { callV1, presenceV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { SessionRegistry } from '@parley/core-gateway';
import { DomainError, MicroBatcher, type Principal } from '@parley/kernel';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LateSessions } from './late-sessions.js';
import { WatchKeeper } from './watch-keeper.js';

/** How soon a loss of the directory is noticed where nobody comes or goes. */
const RENEW_MS = 2500;
const FIRST_PAUSE_MS = 200;
/** The longest a connection waits for presence. */
const PATIENCE_MS = 1000;
const BATCH = { maxItems: 500, maxWaitMs: 5, maxQueued: 100_000 };

type Report =
  | { kind: 'open'; session: presenceV1.LiveSession }
  | { kind: 'close'; session: presenceV1.LiveSession }
  | { kind: 'subscribe' | 'unsubscribe'; conversationId: string };

/**
 * Tells presence (and calls) which sessions live on this node and renews the node's lease. ORDER: reports leave in the order of the events,
 * so that a quick close and open of one session cannot end as closed.
 *
 * Presence may forget everything at any time. Every answer carries the node's lease: another one than before means that nothing told
 * before counts, and everything is told anew. Until that is done the node does not say that it has told everything, and delivery
 * sends it what it cannot place (see decision 26); so nothing is missed meanwhile.
 */
@Injectable()
export class PresenceReporter implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly presence: ServiceClient<typeof presenceV1.PresenceServiceService>;
  private readonly calls: ServiceClient<typeof callV1.CallServiceService>;
  private readonly batcher: MicroBatcher<Report, void>;
  private readonly logger = new Logger(PresenceReporter.name);
  private readonly connections = new Map<string, number>();
  private readonly late: LateSessions;
  /** The lease under which presence was told what it was told. */
  private lease = '';
  /** Something did not arrive at presence, or was forgotten: everything is told anew. */
  private missed = false;
  private readonly unheardEnds = new Map<string, presenceV1.LiveSession>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private keeping = false;
  private over = false;

  constructor(
    rpc: RpcClients,
    private readonly registry: SessionRegistry,
    private readonly watches: WatchKeeper,
    readonly nodeId: string,
  ) {
    this.presence = rpc.of(presenceV1.PresenceServiceService);
    this.calls = rpc.of(callV1.CallServiceService);
    this.late = new LateSessions(registry);
    this.batcher = new MicroBatcher<Report, void>(
      (reports) => this.report(reports),
      BATCH,
      () => new DomainError('server.busy', 'unavailable'),
    );
  }

  onApplicationBootstrap(): void {
    this.keepIn(0);
  }

  onModuleDestroy(): void {
    this.over = true;
    clearTimeout(this.timer);
  }

  /**
   * Resolves when the session's events come to this node, or after a moment when presence does not answer: it never keeps anybody
   * out. Answers how to report the end of this connection; a session ends with its last one.
   */
  async opened(principal: Principal): Promise<() => void> {
    const { sessionId } = principal;
    const connections = this.connections.get(sessionId) ?? 0;
    this.connections.set(sessionId, connections + 1);
    let over = false;
    const closed = () => {
      if (over) return;
      over = true;
      const left = (this.connections.get(sessionId) ?? 1) - 1;
      if (left > 0) this.connections.set(sessionId, left);
      else {
        this.connections.delete(sessionId);
        this.watches.forget(sessionId);
        this.late.forget(sessionId);
        this.add({ kind: 'close', session: sessionOf(principal) });
      }
    };
    // Also for a second connection: the first one's report may still be under way.
    const reported = this.tell({ kind: 'open', session: sessionOf(principal) });
    await this.late.within(PATIENCE_MS, sessionId, reported);
    return closed;
  }

  /** Resolves when events of the conversation reach this node. */
  subscribed(conversationId: string): Promise<void> {
    return this.tell({ kind: 'subscribe', conversationId });
  }

  unsubscribed(conversationId: string): void {
    this.add({ kind: 'unsubscribe', conversationId });
  }

  private add(report: Report): void {
    this.tell(report).catch((error: unknown) => this.logger.debug(error));
  }

  /** A lost report heals when everything is told anew. */
  private async tell(report: Report): Promise<void> {
    try {
      await this.batcher.add(report);
    } catch (error) {
      if (report.kind === 'close') this.unheardEnds.set(report.session.sessionId, report.session);
      this.miss();
      throw error;
    }
  }

  private async report(reports: Report[]): Promise<(void | Error)[]> {
    for (let at = 0; at < reports.length; ) {
      const { kind } = reports[at] as Report;
      const end = reports.findIndex((report, i) => i > at && report.kind !== kind);
      const run = reports.slice(at, end === -1 ? reports.length : end);
      await this.send(kind, run);
      at += run.length;
    }
    return reports.map(() => undefined);
  }

  private async send(kind: Report['kind'], run: Report[]): Promise<void> {
    const { nodeId } = this;
    const sessions = run.flatMap((report) => ('session' in report ? [report.session] : []));
    // A call waits for a lost device by itself; nobody waits here for that.
    if (sessions.length > 0)
      this.calls
        .followDevices({ devices: sessions, online: kind === 'open' })
        .catch((error: unknown) => this.logger.debug(error));
    if (kind === 'open') return this.heard((await this.presence.openSessions({ nodeId, sessions })).lease);
    if (kind === 'close') return void (await this.presence.closeSessions({ nodeId, sessions }));
    const conversationIds = run.flatMap((report) => ('conversationId' in report ? [report.conversationId] : []));
    const subscribed = kind === 'subscribe';
    const { lease } = await this.presence.subscribeNode({ nodeId, conversationId: '', conversationIds, subscribed });
    if (subscribed) this.heard(lease);
  }

  private heard(lease: string): void {
    // Empty from a presence of the version before, while they are being replaced.
    if (lease === this.lease || lease === '') return;
    const isFirst = this.lease === '';
    this.lease = lease;
    if (isFirst) return;
    this.logger.warn('Presence has forgotten this node: it is told everything anew');
    this.watches.restore();
    this.miss();
  }

  private miss(): void {
    if (!this.missed && !this.keeping) this.keepIn(this.pause());
    this.missed = true;
  }

  private pause(): number {
    return Math.min(FIRST_PAUSE_MS * 2 ** this.failures, RENEW_MS) * (0.75 + Math.random() / 2);
  }

  private keepIn(ms: number): void {
    clearTimeout(this.timer);
    if (this.over) return;
    this.timer = setTimeout(() => void this.keepUp(), ms);
    this.timer.unref();
  }

  private async keepUp(): Promise<void> {
    this.keeping = true;
    try {
      await this.renew();
      this.failures = 0;
    } catch (error) {
      if (this.failures === 0) this.logger.warn(error);
      this.failures += 1;
    }
    this.keeping = false;
    this.keepIn(this.missed || this.failures > 0 ? this.pause() : RENEW_MS);
  }

  private async renew(): Promise<void> {
    if (this.missed) await this.tellAgain();
    const { nodeId } = this;
    // A connection that waits for its report is let in before that has arrived: then not everything is told.
    const told = this.missed || this.late.isWaiting ? '' : this.lease;
    const { lease } = await this.presence.renewNode({ nodeId, told });
    if (lease === told || lease === '') return;
    this.heard(lease);
    if (this.missed) await this.tellAgain();
    if (!this.missed && !this.late.isWaiting) await this.presence.renewNode({ nodeId, told: this.lease });
  }

  private async tellAgain(): Promise<void> {
    this.missed = false;
    const ended = [...this.unheardEnds.values()].filter(({ sessionId }) => !this.connections.has(sessionId));
    this.unheardEnds.clear();
    const unheard = this.late.unheard();
    await Promise.all([
      ...this.registry.sessions().map((session) => this.tell({ kind: 'open', session: sessionOf(session) })),
      ...ended.map((session) => this.tell({ kind: 'close', session })),
      ...this.registry.subscribedConversations().map((id) => this.tell({ kind: 'subscribe', conversationId: id })),
    ]);
    if (!this.missed) this.late.heard(unheard);
  }
}

function sessionOf({ sessionId, userId, deviceId }: presenceV1.LiveSession): presenceV1.LiveSession {
  return { sessionId, userId, deviceId };
}
