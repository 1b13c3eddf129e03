import { messageV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { ConversationLog, type Fact } from '@parley/core-conversation';

type Parts = Omit<messageV1.Fact, 'changeId' | 'conversationId' | 'actorId'>;

const NONE: Parts = {
  created: undefined,
  joined: undefined,
  gone: undefined,
  changed: undefined,
  event: undefined,
  disbanded: undefined,
  restricted: undefined,
};

/** The message service over its own contract. */
export class RpcConversationLog extends ConversationLog {
  private readonly messages: ServiceClient<typeof messageV1.MessageServiceService>;

  constructor(rpc: RpcClients) {
    super();
    this.messages = rpc.of(messageV1.MessageServiceService);
  }

  async append(facts: readonly Fact[]): Promise<void> {
    await this.messages.appendFacts({ facts: facts.map(wireFact) });
  }
}

function wireFact({ changeId, conversationId, actorId, body }: Fact): messageV1.Fact {
  return { changeId, conversationId, actorId, ...NONE, ...partOf(body) };
}

function partOf(body: Fact['body']): Partial<Parts> {
  switch (body.type) {
    case 'created':
      return { created: { kind: body.kind, members: body.members, historyBeforeJoin: body.historyBeforeJoin } };
    case 'joined':
      return { joined: { members: body.members } };
    case 'gone':
      return { gone: { userId: body.userId, removed: body.removed } };
    case 'changed': {
      const { userId, role = '', mutedUntil = -1, data } = body;
      return { changed: { userId, role, mutedUntil, dataJson: JSON.stringify(data) } };
    }
    case 'event':
      return { event: { type: body.event, dataJson: JSON.stringify(body.data) } };
    case 'disbanded':
      return { disbanded: {} };
    case 'restricted':
      return { restricted: { userId: body.userId, blocked: body.blocked } };
  }
}
