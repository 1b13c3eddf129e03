import { callV1, presenceV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { SessionRegistry } from '@parley/core-gateway';
import { DomainError, MicroBatcher, type Principal } from '@parley/kernel';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

const RENEW_MS = 10_000;
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
 */
@Injectable()
export class PresenceReporter implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly presence: ServiceClient<typeof presenceV1.PresenceServiceService>;
  private readonly calls: ServiceClient<typeof callV1.CallServiceService>;
  private readonly batcher: MicroBatcher<Report, void>;
  private readonly logger = new Logger(PresenceReporter.name);
  private readonly connections = new Map<string, number>();
  /** Something did not arrive at presence: everything is told anew with the next renewal. */
  private missed = false;
  private readonly unheardEnds = new Map<string, presenceV1.LiveSession>();
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    rpc: RpcClients,
    private readonly registry: SessionRegistry,
    readonly nodeId: string,
  ) {
    this.presence = rpc.of(presenceV1.PresenceServiceService);
    this.calls = rpc.of(callV1.CallServiceService);
    this.batcher = new MicroBatcher<Report, void>(
      (reports) => this.report(reports),
      BATCH,
      () => new DomainError('server.busy', 'unavailable'),
    );
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.renew().catch((error: unknown) => this.logger.warn(error)), RENEW_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
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
        this.add({ kind: 'close', session: sessionOf(principal) });
      }
    };
    // Also for a second connection: the first one's report may still be under way.
    const reported = this.tell({ kind: 'open', session: sessionOf(principal) });
    const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
    await Promise.race([reported, patience]).catch((error: unknown) => this.logger.debug(error));
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

  /** A lost report heals with the next renewal; until then its session may miss pushes. */
  private async tell(report: Report): Promise<void> {
    try {
      await this.batcher.add(report);
    } catch (error) {
      this.missed = true;
      if (report.kind === 'close') this.unheardEnds.set(report.session.sessionId, report.session);
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
    if (kind === 'open') await this.presence.openSessions({ nodeId, sessions });
    else if (kind === 'close') await this.presence.closeSessions({ nodeId, sessions });
    else
      for (const report of run)
        if ('conversationId' in report)
          await this.presence.subscribeNode({
            nodeId,
            conversationId: report.conversationId,
            subscribed: kind === 'subscribe',
          });
  }

  private async renew(): Promise<void> {
    const { known } = await this.presence.renewNode({ nodeId: this.nodeId });
    if (known && !this.missed) return;
    this.missed = false;
    const ended = [...this.unheardEnds.values()].filter(({ sessionId }) => !this.connections.has(sessionId));
    this.unheardEnds.clear();
    await Promise.all([
      ...this.registry.sessions().map((session) => this.tell({ kind: 'open', session: sessionOf(session) })),
      ...ended.map((session) => this.tell({ kind: 'close', session })),
      ...this.registry.subscribedConversations().map((id) => this.tell({ kind: 'subscribe', conversationId: id })),
    ]);
  }
}

function sessionOf({ sessionId, userId, deviceId }: presenceV1.LiveSession): presenceV1.LiveSession {
  return { sessionId, userId, deviceId };
}
