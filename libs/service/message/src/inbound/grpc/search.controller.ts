import { searchV1 } from '@parley/contracts/rpc';
import { SearchMessages } from '@parley/core-message';
import { errorOf } from '@parley/kernel';
import { Controller, Inject, Optional } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { messageWire } from './wire.js';

const LIMITS = { usual: 20, most: 100 };
const off = errorOf('search.off', 'precondition', 'This server keeps no search index.');

@Controller()
export class SearchController {
  constructor(@Optional() @Inject(SearchMessages) private readonly search: SearchMessages | undefined) {}

  @GrpcMethod(searchV1.SEARCH_SERVICE_NAME)
  async searchMessages(request: searchV1.SearchMessagesRequest): Promise<searchV1.SearchMessagesResponse> {
    if (this.search === undefined) throw off();
    const limit = request.limit === 0 ? LIMITS.usual : Math.min(request.limit, LIMITS.most);
    const { items, nextCursor } = await this.search.execute({ ...request, limit });
    return {
      found: items.map(({ row, conversationId, snippet }) => ({
        conversationId,
        message: messageWire(row, conversationId),
        snippet,
      })),
      nextCursor,
    };
  }
}
