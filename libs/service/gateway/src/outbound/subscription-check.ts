import { messageV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { SessionRegistry } from '@parley/core-gateway';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { sendBack } from '../inbound/ws/send-back.js';

const EVERY_MS = 45_000;
/** Members asked about in one question. */
const AT_ONCE = 500;

/**
 * Subscribers of rooms are expelled when they go (see MembershipMarks). Here membership is looked up once more from time to time, in
 * case one was not: a subscription must not outlive it for long, whatever got lost (G12). Who is found is sent away to come back:
 * that is right as well for somebody who has joined again meanwhile.
 */
@Injectable()
export class SubscriptionCheck implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly message: ServiceClient<typeof messageV1.MessageServiceService>;
  private readonly logger = new Logger(SubscriptionCheck.name);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private over = false;

  constructor(
    @Inject(RpcClients) rpc: RpcClients,
    private readonly registry: SessionRegistry,
  ) {
    this.message = rpc.of(messageV1.MessageServiceService);
  }

  onApplicationBootstrap(): void {
    if (this.over) return;
    // Not all gateways at the same time.
    this.timer = setTimeout(() => void this.check(), EVERY_MS * (0.75 + Math.random() / 2)).unref();
  }

  onModuleDestroy(): void {
    this.over = true;
    clearTimeout(this.timer);
  }

  private async check(): Promise<void> {
    try {
      for (const conversationId of this.registry.subscribedConversations()) await this.checkOne(conversationId);
    } catch (error) {
      this.logger.debug(error);
    }
    this.onApplicationBootstrap();
  }

  private async checkOne(conversationId: string): Promise<void> {
    const subscribers = this.registry.subscribersOf(conversationId);
    for (let from = 0; from < subscribers.length; from += AT_ONCE) {
      const userIds = subscribers.slice(from, from + AT_ONCE);
      const { members } = await this.message.checkMembers({ conversationId, userIds }, { key: conversationId });
      const strangers = new Set(userIds);
      for (const { userId } of members) strangers.delete(userId);
      if (strangers.size === 0) continue;
      this.logger.warn(
        `${strangers.size} subscribers of ${conversationId} are no members any more: they are sent away`,
      );
      sendBack(this.registry.subscriptionsBy(strangers, conversationId));
    }
  }
}
