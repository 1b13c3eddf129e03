import type { CallId, Clock, Page, PageRequest, UserId } from '@parley/kernel';
import { type Call, participantOf } from '../domain/call.js';
import { callNotFound } from '../domain/call.errors.js';
import { type IceServer, iceServersFor, type IceSettings } from '../domain/ice-servers.js';
import type { CallStore } from '../ports/call-store.js';

/** For those who are or were part of it; absent and forbidden answer alike. */
export class GetCall {
  constructor(private readonly calls: CallStore) {}

  async execute(query: { actorId: UserId; callId: CallId }): Promise<Call> {
    const call = await this.calls.find(query.callId);
    if (call === undefined || participantOf(call, query.actorId) === undefined) throw callNotFound();
    return call;
  }
}

export class ListCalls {
  constructor(private readonly calls: CallStore) {}

  execute(query: { actorId: UserId; activeOnly: boolean; page: PageRequest }): Promise<Page<Call>> {
    return this.calls.list(query.actorId, query.activeOnly, query.page);
  }
}

export class GetIceServers {
  constructor(
    private readonly clock: Clock,
    private readonly settings: IceSettings,
  ) {}

  execute(query: { actorId: UserId }): { iceServers: IceServer[]; ttlSeconds: number } {
    const iceServers = iceServersFor(query.actorId, this.clock.now(), this.settings);
    return { iceServers, ttlSeconds: this.settings.ttlSeconds };
  }
}
