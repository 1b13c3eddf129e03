import type { Delivery } from '../domain/outgoing.js';
import { GatewayNodes, type NodeCall } from '../ports/gateway-nodes.js';
import { type NodeTargets, SessionLocator, type Whereabouts } from '../ports/session-locator.js';

/** Nodes with sessions on them, and what each session's socket got. Locator and nodes in one, as it is one world. */
export class InMemoryWorld extends SessionLocator {
  readonly got: { nodeId: string; userId: string; event: string; payload: unknown }[] = [];
  readonly calls: { nodeId: string; deliveries: Delivery[] }[] = [];
  readonly questions: Whereabouts[] = [];
  readonly silent = new Set<string>();
  locatorDown = false;
  private readonly sockets: { nodeId: string; userId: string; sessionId: string; subscribed: Set<string> }[] = [];

  connect(nodeId: string, userId: string, sessionId = `${userId}@${nodeId}`, ...subscribed: string[]): void {
    this.sockets.push({ nodeId, userId, sessionId, subscribed: new Set(subscribed) });
  }

  /** Payloads of one event that a user got, in order. */
  payloadsOf(userId: string, event = 'conversation:events'): unknown[] {
    return this.got.filter((one) => one.userId === userId && one.event === event).map((one) => one.payload);
  }

  /** What a user got, in order: the event's name, or the seqs of its conversation events. */
  storyOf(userId: string): string[] {
    return this.got
      .filter((one) => one.userId === userId)
      .flatMap(({ event, payload }) =>
        event === 'conversation:events'
          ? (payload as { events: { seq: number }[] }).events.map(({ seq }) => String(seq))
          : [event],
      );
  }

  async locate(whom: Whereabouts): Promise<NodeTargets[]> {
    if (this.locatorDown) throw new Error('presence is down');
    this.questions.push(whom);
    const nodeIds = [...new Set(this.sockets.map((socket) => socket.nodeId))];
    return nodeIds
      .map((nodeId) => {
        const here = this.sockets.filter((socket) => socket.nodeId === nodeId);
        return {
          nodeId,
          userIds: whom.userIds.filter((id) => here.some((socket) => socket.userId === id)),
          sessionIds: whom.sessionIds.filter((id) => here.some((socket) => socket.sessionId === id)),
          conversationIds: whom.conversationIds.filter((id) => here.some((socket) => socket.subscribed.has(id))),
        };
      })
      .filter((node) => node.userIds.length + node.sessionIds.length + node.conversationIds.length > 0);
  }

  readonly nodes: GatewayNodes = new (class extends GatewayNodes {
    constructor(private readonly world: InMemoryWorld) {
      super();
    }

    async deliver(nodeId: string, { deliveries }: NodeCall): Promise<{ sockets: number[]; process: string }> {
      await Promise.resolve();
      return { sockets: this.world.take(nodeId, deliveries), process: nodeId };
    }
  })(this);

  take(nodeId: string, deliveries: Delivery[]): number[] {
    if (this.silent.has(nodeId)) throw new Error(`${nodeId} does not answer`);
    this.calls.push({ nodeId, deliveries });
    return deliveries.map((delivery) => {
      const taken = this.sockets.filter(
        (socket) =>
          socket.nodeId === nodeId &&
          (delivery.userIds.includes(socket.userId) ||
            delivery.sessionIds.includes(socket.sessionId) ||
            socket.subscribed.has(delivery.subscribersOf)) &&
          !delivery.exceptUserIds.includes(socket.userId) &&
          socket.sessionId !== delivery.exceptSessionId,
      );
      for (const { userId } of taken)
        this.got.push({ nodeId, userId, event: delivery.event, payload: JSON.parse(delivery.payloadJson) });
      return taken.length;
    });
  }
}
