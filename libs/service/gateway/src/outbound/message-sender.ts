import { fileMessageTypes, type SendInput } from '@parley/contracts';
import { fileV1, failureToError, messageV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { DomainError, MicroBatcher, type Principal } from '@parley/kernel';
import { Inject, Injectable } from '@nestjs/common';

export interface SentAnswer {
  messageId: string;
  seq: number;
  sentAt: string;
}

const BATCH = { maxItems: 64, maxBatch: 500, maxWaitMs: 2, maxQueued: 20_000 };
const BUSY_RETRY_MS = 500;

/** Gathers the sends of all sockets and REST calls of this node into calls of the message service. ORDER: one call at a time, in order of arrival. */
@Injectable()
export class MessageSender {
  private readonly message: ServiceClient<typeof messageV1.MessageServiceService>;
  private readonly file: ServiceClient<typeof fileV1.FileServiceService>;
  private readonly batcher: MicroBatcher<messageV1.Send, messageV1.Sent>;
  /** The last attachment under way of each session. */
  private readonly turns = new Map<string, Promise<void>>();

  constructor(@Inject(RpcClients) rpc: RpcClients) {
    this.message = rpc.of(messageV1.MessageServiceService);
    this.file = rpc.of(fileV1.FileServiceService);
    this.batcher = new MicroBatcher(
      (sends) => this.append(sends),
      BATCH,
      () => new DomainError('server.busy', 'unavailable', { retryAfterMs: BUSY_RETRY_MS }),
    );
  }

  get depth(): number {
    return this.batcher.depth;
  }

  async send(sender: Principal, input: SendInput): Promise<SentAnswer> {
    const turn = this.turnOf(sender, input);
    if (turn !== undefined) await turn;
    const sent = await this.batcher.add({
      senderId: sender.userId,
      deviceId: sender.deviceId,
      conversationId: input.conversationId,
      clientMsgId: input.clientMsgId,
      type: input.type,
      contentJson: JSON.stringify(input.content),
      replyTo: input.replyTo ?? '',
      mentions: input.mentions ?? [],
    });
    return { messageId: sent.messageId, seq: sent.seq, sentAt: new Date(sent.sentAt).toISOString() };
  }

  /**
   * Files are attached before their message is sent: whoever may read the message must be able to read the file when it appears.
   * ORDER: what the session sends meanwhile waits behind it. Answers undefined when there is nothing to wait for.
   */
  private turnOf(sender: Principal, input: SendInput): Promise<void> | undefined {
    const before = this.turns.get(sender.sessionId);
    const hasFile = fileMessageTypes.has(input.type);
    if (!hasFile && before === undefined) return undefined;
    const turn = (before ?? Promise.resolve()).catch(ignoreOthersFailure).then(async () => {
      if (hasFile)
        await this.file.attachFile({
          actorId: sender.userId,
          fileId: (input.content as { fileId: string }).fileId,
          conversationId: input.conversationId,
        });
    });
    this.turns.set(sender.sessionId, turn);
    const done = () => {
      if (this.turns.get(sender.sessionId) === turn) this.turns.delete(sender.sessionId);
    };
    turn.then(done, done);
    return turn;
  }

  private async append(sends: messageV1.Send[]): Promise<(messageV1.Sent | Error)[]> {
    const { results } = await this.message.appendBatch({ sends });
    return results.map(
      (result) =>
        result.sent ??
        (result.failure === undefined
          ? new DomainError('server.internal', 'internal')
          : failureToError(result.failure)),
    );
  }
}

/** A message whose file was refused is refused by itself; the next one goes on. */
function ignoreOthersFailure(): void {
  // Its own sender is told.
}
