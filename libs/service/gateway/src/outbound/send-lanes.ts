import { failureToError, messageV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { DomainError, MicroBatcher } from '@parley/kernel';

const BATCH = { maxItems: 64, maxBatch: 500, maxWaitMs: 2, maxQueued: 20_000 };
const BUSY_RETRY_MS = 500;
/** Lanes of instances that are gone are dropped beyond this. */
const KEPT_LANES = 16;

type Lane = MicroBatcher<messageV1.Send, messageV1.Sent>;

/**
 * One lane of batches to each instance of the message service, and conversations spread over them as calls are balanced.
 * ORDER: a lane has one call under way at a time, and a conversation stays on its lane while any of its sends is on it; so sends to a
 * conversation do not overtake each other, whatever happens to the instances. A call that failed over is over before the next begins.
 */
export class SendLanes {
  private readonly message: ServiceClient<typeof messageV1.MessageServiceService>;
  private readonly lanes = new Map<string, Lane>();
  /** Conversations with sends under way. */
  private readonly busy = new Map<string, { lane: Lane; sends: number }>();

  constructor(private readonly rpc: RpcClients) {
    this.message = rpc.of(messageV1.MessageServiceService);
  }

  get depth(): number {
    let depth = 0;
    for (const lane of this.lanes.values()) depth += lane.depth;
    return depth;
  }

  async add(send: messageV1.Send): Promise<messageV1.Sent> {
    const { conversationId } = send;
    let at = this.busy.get(conversationId);
    if (at === undefined) {
      at = { lane: this.laneOf(conversationId), sends: 0 };
      this.busy.set(conversationId, at);
    }
    at.sends += 1;
    try {
      return await at.lane.add(send);
    } finally {
      at.sends -= 1;
      if (at.sends === 0) this.busy.delete(conversationId);
    }
  }

  private laneOf(conversationId: string): Lane {
    const instance = this.rpc.route(messageV1.MessageServiceService, conversationId) ?? '';
    let lane = this.lanes.get(instance);
    if (lane === undefined) {
      lane = this.open(instance);
      this.lanes.set(instance, lane);
    }
    return lane;
  }

  private open(instance: string): Lane {
    if (this.lanes.size >= KEPT_LANES)
      for (const [name, lane] of this.lanes) if (lane.depth === 0) this.lanes.delete(name);
    // Whoever of the instances takes the batch: its sends are known by their keys, so it may be made again elsewhere.
    const options = instance === '' ? {} : { prefer: instance };
    return new MicroBatcher<messageV1.Send, messageV1.Sent>(
      async (sends) => {
        const { results } = await this.message.appendBatch({ sends }, options);
        return results.map(
          (result) =>
            result.sent ??
            (result.failure === undefined
              ? new DomainError('server.internal', 'internal')
              : failureToError(result.failure)),
        );
      },
      BATCH,
      () => new DomainError('server.busy', 'unavailable', { retryAfterMs: BUSY_RETRY_MS }),
    );
  }
}
