import { commands } from '@parley/contracts';
import { messageV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { AccessTokenVerifier, SessionRegistry } from '@parley/core-gateway';
import { DomainError, type Principal } from '@parley/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { ConversationView } from '../../../composition/conversation-view.js';
import { PresenceReporter } from '../../../outbound/presence-reporter.js';
import { eventView } from '../../message-view.js';
import { type CommandGroup, onCommand } from '../command.js';
import type { LiveSession } from '../live-session.js';

const { session, message } = commands;
const MAX_SUBSCRIPTIONS = 100;

/** What concerns the connection itself: catching up, its token, and what is on its screen. */
@Injectable()
export class SessionCommands implements CommandGroup {
  private readonly service: ServiceClient<typeof messageV1.MessageServiceService>;

  constructor(
    @Inject(RpcClients) rpc: RpcClients,
    private readonly view: ConversationView,
    private readonly verifier: AccessTokenVerifier,
    private readonly registry: SessionRegistry,
    private readonly presence: PresenceReporter,
  ) {
    this.service = rpc.of(messageV1.MessageServiceService);
  }

  readonly commands = [
    onCommand(session.sync, async ({ principal }, { cursor = '', heads = [], limit = 0 }) => {
      const known = heads.map(({ at, ...head }) => ({ ...head, at: at === undefined ? 0 : Date.parse(at) }));
      const page = await this.service.sync({ actorId: principal.userId, cursor, heads: known, limit });
      return {
        conversations: await this.view.views(principal.userId, page.conversations),
        events: page.events.map(({ conversationId, epoch, events }) => ({
          conversationId,
          epoch,
          events: events.map(eventView),
        })),
        resets: page.resets,
        removed: page.removed,
        hidden: page.hidden,
        nextCursor: page.nextCursor,
        caughtUp: page.caughtUp,
      };
    }),
    onCommand(session.refreshToken, async (live, { token }) => {
      const verified = await this.verifier.verify(token);
      (live as LiveSession).renew(token, verified);
      return { expiresAt: new Date(verified.expiresAt).toISOString() };
    }),
    onCommand(message.subscribe, async ({ principal, link }, { conversationId }) => {
      const joinedSeq = await this.joinedSeq(principal, conversationId);
      if (this.registry.subscriptionsOf(link) >= MAX_SUBSCRIPTIONS)
        throw new DomainError('limit.size', 'too_large', {
          message: `At most ${MAX_SUBSCRIPTIONS} conversations at once.`,
        });
      if (this.registry.subscribe(link, conversationId, joinedSeq)) await this.presence.subscribed(conversationId);
      // Who was removed after the first look was expelled before there was anything to expel from.
      const now = await this.joinedSeq(principal, conversationId).catch((error: unknown) => {
        if (this.registry.unsubscribe(link, conversationId)) this.presence.unsubscribed(conversationId);
        throw error;
      });
      // Removed and let in again between the two looks.
      if (now !== joinedSeq) this.registry.subscribe(link, conversationId, now);
      return {};
    }),
    onCommand(message.unsubscribe, async ({ link }, { conversationId }) => {
      if (this.registry.unsubscribe(link, conversationId)) this.presence.unsubscribed(conversationId);
      return {};
    }),
  ];

  /** Of a member; others are refused. */
  private async joinedSeq({ userId }: Principal, conversationId: string): Promise<number> {
    const { members } = await this.service.checkMembers({ conversationId, userIds: [userId] });
    if (members[0] === undefined) throw new DomainError('conversation.not_found', 'not_found');
    return members[0].joinedSeq;
  }
}
