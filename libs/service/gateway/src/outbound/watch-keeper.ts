import { presenceV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { SessionRegistry } from '@parley/core-gateway';
import type { Principal } from '@parley/kernel';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { presenceView } from '../inbound/presence-view.js';
import { encodeFrame } from '../inbound/ws/socket-link.js';

/** After presence lost everything: the other nodes open their sessions anew first, or everybody would look offline for a moment. */
const RESTORE_AFTER_MS = 3000;
const TRY_AGAIN_MS = 2000;
/** Watches are asked for again this many sessions at a time: each asks who may see whom. */
const AT_ONCE = 8;
/** Within this time every watch is judged anew: the last common group may be over, which no event tells presence. */
const JUDGE_WITHIN_MS = 60_000;
const JUDGE_EVERY_MS = 1000;

interface Watcher {
  actorId: string;
  userIds: Set<string>;
}

/**
 * Whom the sessions of this node watch. Presence holds the watches where all its instances share them, which may be lost; here they
 * live and die with the sockets, so they can be asked for again. Whether one may still see another is judged again by presence then.
 */
@Injectable()
export class WatchKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly presence: ServiceClient<typeof presenceV1.PresenceServiceService>;
  private readonly watchers = new Map<string, Watcher>();
  private readonly logger = new Logger(WatchKeeper.name);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private judging: ReturnType<typeof setTimeout> | undefined;
  /** Sessions whose watches are yet to be judged in this round, and how many of them each time. */
  private due: string[] = [];
  private share = 0;

  constructor(
    @Inject(RpcClients) rpc: RpcClients,
    private readonly registry: SessionRegistry,
  ) {
    this.presence = rpc.of(presenceV1.PresenceServiceService);
  }

  onApplicationBootstrap(): void {
    this.judging = setTimeout(() => void this.judgeSome().then(() => this.judgeOn()), JUDGE_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearTimeout(this.timer);
    clearTimeout(this.judging);
    this.judging = undefined;
  }

  private judgeOn(): void {
    if (this.judging !== undefined) this.onApplicationBootstrap();
  }

  private async judgeSome(): Promise<void> {
    if (this.due.length === 0) {
      this.due = [...this.watchers.keys()];
      this.share = Math.ceil((this.due.length * JUDGE_EVERY_MS) / JUDGE_WITHIN_MS);
    }
    const some = this.due.splice(0, this.share);
    const lane = async () => {
      for (let id = some.pop(); id !== undefined; id = some.pop()) await this.judge(id);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  }

  /** Ends the watches of those who may not be seen any more. */
  private async judge(sessionId: string): Promise<void> {
    const watcher = this.watchers.get(sessionId);
    if (watcher === undefined) return;
    try {
      const userIds = [...watcher.userIds];
      const { states } = await this.presence.getPresence({ actorId: watcher.actorId, userIds });
      const visible = new Set(states.map((state) => state.userId));
      const hidden = userIds.filter((userId) => !visible.has(userId));
      if (hidden.length > 0) await this.unwatch(sessionId, hidden);
    } catch (error) {
      // The next round comes.
      this.logger.debug(error);
    }
  }

  /** Answers the states now of those who may be seen. */
  async watch({ userId, sessionId }: Principal, userIds: string[]): Promise<presenceV1.PresenceState[]> {
    const { states } = await this.presence.watch({ actorId: userId, sessionId, userIds });
    // Gone while presence was asked: nobody would ever forget it here.
    if (states.length === 0 || this.registry.of({ sessionIds: [sessionId], userIds: [] }).length === 0) return states;
    const watcher = this.watchers.get(sessionId) ?? { actorId: userId, userIds: new Set() };
    for (const state of states) watcher.userIds.add(state.userId);
    this.watchers.set(sessionId, watcher);
    return states;
  }

  async unwatch(sessionId: string, userIds: string[]): Promise<void> {
    const watcher = this.watchers.get(sessionId);
    for (const userId of userIds) watcher?.userIds.delete(userId);
    if (watcher?.userIds.size === 0) this.watchers.delete(sessionId);
    await this.presence.unwatch({ sessionId, userIds });
  }

  /** The session has ended. */
  forget(sessionId: string): void {
    this.watchers.delete(sessionId);
  }

  /** Presence has forgotten this node: its sessions watch anew, and are told what changed meanwhile. */
  restore(): void {
    if (this.watchers.size > 0) this.restoreIn(RESTORE_AFTER_MS, undefined);
  }

  private restoreIn(ms: number, sessionIds: string[] | undefined): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.again(sessionIds ?? [...this.watchers.keys()]), ms);
    this.timer.unref();
  }

  private async again(sessionIds: string[]): Promise<void> {
    const failed: string[] = [];
    const lane = async () => {
      for (let id = sessionIds.pop(); id !== undefined; id = sessionIds.pop())
        if (!(await this.watchAgain(id))) failed.push(id);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    if (failed.length > 0) this.restoreIn(TRY_AGAIN_MS, failed);
  }

  private async watchAgain(sessionId: string): Promise<boolean> {
    const watcher = this.watchers.get(sessionId);
    if (watcher === undefined) return true;
    try {
      const userIds = [...watcher.userIds];
      const { states } = await this.presence.watch({ actorId: watcher.actorId, sessionId, userIds });
      const frames = states.map((state) => encodeFrame('presence:changed', JSON.stringify(presenceView(state))));
      for (const socket of this.registry.of({ sessionIds: [sessionId], userIds: [] }))
        for (const frame of frames) socket.send(frame);
      return true;
    } catch (error) {
      this.logger.debug(error);
      return false;
    }
  }
}
