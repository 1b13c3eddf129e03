import { fileMessageTypes, type SendInput } from '@parley/contracts';
import { fileV1, failureToError, messageV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { DomainError, MicroBatcher, type Principal } from '@parley/kernel';
import { Inject, Injectable } from '@nestjs/common';

export interface SentAnswer {
  messageId: string;
  seq: number;
  sentAt: string;
}

const BATCH = { maxItems: 64, maxWaitMs: 2, maxQueued: 20_000 };
const BUSY_RETRY_MS = 500;

/** Gathers the sends of all sockets and REST calls of this node into calls of the message service. ORDER: one call at a time, in order of arrival. */
@Injectable()
export class MessageSender {
  private readonly message: ServiceClient<typeof messageV1.MessageServiceService>;
  private readonly file: ServiceClient<typeof fileV1.FileServiceService>;
  private readonly batcher: MicroBatcher<messageV1.Send, messageV1.Sent>;

  constructor(@Inject(RpcClients) rpc: RpcClients) {
    this.message = rpc.of(messageV1.MessageServiceService);
    this.file = rpc.of(fileV1.FileServiceService);
    // More than one call may be under way: the message service's writer keeps their order, and the next batch fills meanwhile.
    this.batcher = new MicroBatcher(
      (sends) => this.append(sends),
      { ...BATCH, maxInFlight: 4 },
      () => new DomainError('server.busy', 'unavailable', { retryAfterMs: BUSY_RETRY_MS }),
    );
  }

  get depth(): number {
    return this.batcher.depth;
  }

  async send(sender: Principal, input: SendInput): Promise<SentAnswer> {
    // Files first: whoever may read the message must be able to read the file when the message appears.
    if (fileMessageTypes.has(input.type))
      await this.attach(sender, input.conversationId, (input.content as { fileId: string }).fileId);
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

  private async attach(sender: Principal, conversationId: string, fileId: string): Promise<void> {
    await this.file.attachFile({ actorId: sender.userId, fileId, conversationId });
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
