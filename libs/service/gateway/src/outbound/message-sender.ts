import { fileMessageTypes, type SendInput } from '@parley/contracts';
import { fileV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import type { Principal } from '@parley/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { SendLanes } from './send-lanes.js';

export interface SentAnswer {
  messageId: string;
  seq: number;
  sentAt: string;
}

/** Gathers the sends of all sockets and REST calls of this node into calls of the message service. ORDER: in order of arrival, see `SendLanes`. */
@Injectable()
export class MessageSender {
  private readonly file: ServiceClient<typeof fileV1.FileServiceService>;
  private readonly lanes: SendLanes;
  /** The last attachment under way of each session. */
  private readonly turns = new Map<string, Promise<void>>();

  constructor(@Inject(RpcClients) rpc: RpcClients) {
    this.file = rpc.of(fileV1.FileServiceService);
    this.lanes = new SendLanes(rpc);
  }

  get depth(): number {
    return this.lanes.depth;
  }

  async send(sender: Principal, input: SendInput): Promise<SentAnswer> {
    const turn = this.turnOf(sender, input);
    if (turn !== undefined) await turn;
    const sent = await this.lanes.add({
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
}

/** A message whose file was refused is refused by itself; the next one goes on. */
function ignoreOthersFailure(): void {
  // Its own sender is told.
}
