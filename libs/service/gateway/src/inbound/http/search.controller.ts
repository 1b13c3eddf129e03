import { type ResponseOf, rest } from '@parley/contracts';
import { RpcClients, searchV1, type ServiceClient } from '@parley/contracts/rpc';
import { Controller, Inject } from '@nestjs/common';
import { messageView } from '../message-view.js';
import { type CallOf, Handles, RestCall } from './operation.js';

const { search } = rest;

@Controller()
export class SearchController {
  private readonly search: ServiceClient<typeof searchV1.SearchServiceService>;

  constructor(@Inject(RpcClients) rpc: RpcClients) {
    this.search = rpc.of(searchV1.SearchServiceService);
  }

  @Handles(search.messages)
  async messages(@RestCall() call: CallOf<typeof search.messages>): Promise<ResponseOf<typeof search.messages>> {
    const { q = '', conversationId = '', senderId = '', type = '', from, to, cursor = '', limit = 20 } = call.query;
    const answer = await this.search.searchMessages({
      actorId: call.caller.userId,
      text: q,
      conversationId,
      senderId,
      type,
      fromAt: from === undefined ? 0 : Date.parse(from),
      toAt: to === undefined ? 0 : Date.parse(to),
      cursor,
      limit,
    });
    return {
      items: answer.found.map((found) => ({
        conversationId: found.conversationId,
        message: messageView(found.message),
        snippet: found.snippet,
      })),
      ...(answer.nextCursor === '' ? {} : { nextCursor: answer.nextCursor }),
    };
  }
}
