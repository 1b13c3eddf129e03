import { type gatewayV1, messageV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { ConversationLog, type Fact } from '@parley/core-conversation';
import { EveryGateway, type GatewayNodes } from '@parley/platform';

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

/**
 * The message service over its own contract. A fact by which somebody goes is in force when the log has it (no history, no sends)
 * and every gateway knows (no event that is on its way still): what is told rests on the log's seqs, so it bears any repeat.
 */
export class RpcConversationLog extends ConversationLog {
  private readonly messages: ServiceClient<typeof messageV1.MessageServiceService>;

  private readonly gateways: EveryGateway;

  constructor(rpc: RpcClients, gatewayNodes: GatewayNodes) {
    super();
    this.gateways = new EveryGateway(rpc, gatewayNodes);
    this.messages = rpc.of(messageV1.MessageServiceService);
  }

  async append(facts: readonly Fact[]): Promise<void> {
    const { seqs } = await this.messages.appendFacts({ facts: facts.map(wireFact) });
    const departures = departuresBy(facts, seqs);
    if (departures.length > 0)
      await this.gateways.tell((gateway, options) => gateway.expelMembers({ departures }, options));
  }
}

/** Who is out at the end of these facts. */
function departuresBy(facts: readonly Fact[], seqs: readonly number[]): gatewayV1.Departure[] {
  const gone = new Map<string, gatewayV1.Departure>();
  for (const [index, { conversationId, body }] of facts.entries()) {
    const seq = seqs[index] ?? 0;
    const place = (userId: string) => `${conversationId} ${userId}`;
    if (body.type === 'joined') for (const { userId } of body.members) gone.delete(place(userId));
    // 0: was not in, and is not.
    if (body.type === 'gone' && seq > 0) gone.set(place(body.userId), { conversationId, userIds: [body.userId], seq });
  }
  return [...gone.values()];
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
      return { event: { type: body.event, dataJson: JSON.stringify(body.data), sendPolicy: body.sendPolicy ?? '' } };
    case 'disbanded':
      return { disbanded: {} };
    case 'restricted':
      return { restricted: { userId: body.userId, blocked: body.blocked } };
  }
}
