import { messageV1 } from '@parley/contracts/rpc';
import {
  AdvanceCursors,
  AppendFacts,
  DeleteMessage,
  EditMessage,
  PinMessage,
  ReactToMessage,
  RecallMessage,
  SendMessages,
} from '@parley/core-message';
import { IdGenerator } from '@parley/kernel';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { hash52 } from '../../outbound/hash52.js';
import { factChange, itemWire, messageWire } from './wire.js';

const SERVICE = messageV1.MESSAGE_SERVICE_NAME;

/** What changes the log. */
@Controller()
export class MessageWriteController
  implements
    Pick<
      messageV1.MessageServiceController,
      | 'appendBatch'
      | 'appendFacts'
      | 'advanceCursors'
      | 'editMessage'
      | 'recallMessage'
      | 'reactToMessage'
      | 'pinMessage'
      | 'deleteMessage'
    >
{
  constructor(
    private readonly ids: IdGenerator,
    private readonly sends: SendMessages,
    private readonly facts: AppendFacts,
    private readonly cursors: AdvanceCursors,
    private readonly edits: EditMessage,
    private readonly recalls: RecallMessage,
    private readonly reactions: ReactToMessage,
    private readonly pins: PinMessage,
    private readonly deletes: DeleteMessage,
  ) {}

  @GrpcMethod(SERVICE)
  async appendBatch(request: messageV1.AppendBatchRequest): Promise<messageV1.AppendBatchResponse> {
    const answers = await this.sends.execute(
      request.sends.map((send) => ({
        kind: 'send',
        ...send,
        fingerprint: hash52(
          `${send.conversationId}\n${send.type}\n${send.replyTo}\n${send.mentions.join()}\n${send.contentJson}`,
        ),
      })),
    );
    return {
      results: answers.map((answer) => {
        const { value, failure } = itemWire(answer, ({ messageId, seq, sentAt, repeated }) => ({
          messageId,
          seq,
          sentAt,
          repeated,
        }));
        return { sent: value, failure };
      }),
    };
  }

  @GrpcMethod(SERVICE)
  async appendFacts(request: messageV1.AppendFactsRequest): Promise<messageV1.AppendFactsResponse> {
    return { seqs: await this.facts.execute(request.facts.map((fact) => factChange(fact, () => this.ids.next()))) };
  }

  @GrpcMethod(SERVICE)
  async advanceCursors(request: messageV1.AdvanceCursorsRequest): Promise<messageV1.AdvanceCursorsResponse> {
    const answers = await this.cursors.execute(request.moves.map((move) => ({ kind: 'cursor', ...move })));
    return {
      results: answers.map((answer) => {
        const { value, failure } = itemWire(answer, ({ deliveredSeq, readSeq, unreadCount }) => ({
          deliveredSeq,
          readSeq,
          unreadCount,
        }));
        return { cursor: value, failure };
      }),
    };
  }

  @GrpcMethod(SERVICE)
  async editMessage(request: messageV1.EditMessageRequest): Promise<messageV1.EditMessageResponse> {
    const mentions = request.mentions?.userIds;
    const row = await this.edits.execute({ kind: 'edit', ...request, mentions });
    return { message: messageWire(row, request.conversationId) };
  }

  @GrpcMethod(SERVICE)
  async recallMessage(request: messageV1.RecallMessageRequest): Promise<messageV1.RecallMessageResponse> {
    return { message: messageWire(await this.recalls.execute({ kind: 'recall', ...request }), request.conversationId) };
  }

  @GrpcMethod(SERVICE)
  async reactToMessage(request: messageV1.ReactToMessageRequest): Promise<messageV1.ReactToMessageResponse> {
    const row = await this.reactions.execute({ kind: 'react', ...request });
    return { message: messageWire(row, request.conversationId) };
  }

  @GrpcMethod(SERVICE)
  async pinMessage(request: messageV1.PinMessageRequest): Promise<messageV1.PinMessageResponse> {
    return { message: messageWire(await this.pins.execute({ kind: 'pin', ...request }), request.conversationId) };
  }

  @GrpcMethod(SERVICE)
  async deleteMessage(request: messageV1.DeleteMessageRequest): Promise<messageV1.DeleteMessageResponse> {
    await this.deletes.execute({ kind: 'hide', ...request });
    return {};
  }
}
