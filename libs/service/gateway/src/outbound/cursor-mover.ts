import { failureToError, messageV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { DomainError, MicroBatcher, type Principal } from '@parley/kernel';
import { Inject, Injectable } from '@nestjs/common';

export interface CursorTarget {
  /** 0 leaves it. */
  deliveredSeq: number;
  readSeq: number;
}

/** Cursors may wait a little: nobody looks at the clock for a receipt, and a longer wait makes far larger batches. */
const BATCH = { maxItems: 500, maxWaitMs: 25, maxQueued: 50_000 };

/** Gathers cursor moves of all sockets of this node. Moves of one user in one conversation may be merged by the message service: cursors only grow. */
@Injectable()
export class CursorMover {
  private readonly batcher: MicroBatcher<messageV1.CursorMove, messageV1.CursorState>;

  constructor(@Inject(RpcClients) rpc: RpcClients) {
    const message: ServiceClient<typeof messageV1.MessageServiceService> = rpc.of(messageV1.MessageServiceService);
    this.batcher = new MicroBatcher<messageV1.CursorMove, messageV1.CursorState>(
      async (moves) => {
        const { results } = await message.advanceCursors({ moves });
        return results.map(
          (result) =>
            result.cursor ??
            (result.failure === undefined
              ? new DomainError('server.internal', 'internal')
              : failureToError(result.failure)),
        );
      },
      BATCH,
      () => new DomainError('server.busy', 'unavailable', { retryAfterMs: 500 }),
    );
  }

  get depth(): number {
    return this.batcher.depth;
  }

  move(who: Principal, conversationId: string, to: CursorTarget): Promise<messageV1.CursorState> {
    return this.batcher.add({ userId: who.userId, sessionId: who.sessionId, conversationId, ...to });
  }
}
