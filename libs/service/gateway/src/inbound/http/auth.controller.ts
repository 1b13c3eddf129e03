import { type ResponseOf, rest } from '@parley/contracts';
import { identityV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { Controller, Inject } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { iso } from '../../composition/wire-text.js';
import { openedView } from '../user-view.js';
import { type CallOf, Handles, RestCall } from './operation.js';

const { auth } = rest;
const NO_DEVICE = { deviceId: '', name: '', platform: '' };
/** Keys are published before they sign and after they have stopped, so that a copy may be a little old. */
const JWKS_CACHE = 'public, max-age=300';

@Controller()
export class AuthController {
  private readonly identity: ServiceClient<typeof identityV1.IdentityServiceService>;

  constructor(@Inject(RpcClients) rpc: RpcClients) {
    this.identity = rpc.of(identityV1.IdentityServiceService);
  }

  @Handles(auth.register)
  async register(@RestCall() call: CallOf<typeof auth.register>): Promise<ResponseOf<typeof auth.register>> {
    const { username, password, displayName = '', device } = call.body;
    const answer = await this.identity.register({
      username,
      password,
      displayName,
      device: { ...NO_DEVICE, ...device },
      address: call.address,
    });
    return unstored(call.reply, openedView(answer.opened));
  }

  @Handles(auth.login)
  async login(@RestCall() call: CallOf<typeof auth.login>): Promise<ResponseOf<typeof auth.login>> {
    const { username, password, device } = call.body;
    const answer = await this.identity.login({
      username,
      password,
      device: { ...NO_DEVICE, ...device },
      address: call.address,
    });
    return unstored(call.reply, openedView(answer.opened));
  }

  @Handles(auth.guest)
  async guest(@RestCall() call: CallOf<typeof auth.guest>): Promise<ResponseOf<typeof auth.guest>> {
    const { displayName = '', device } = call.body;
    const answer = await this.identity.createGuest({
      displayName,
      device: { ...NO_DEVICE, ...device },
      address: call.address,
    });
    return unstored(call.reply, openedView(answer.opened));
  }

  @Handles(auth.upgradeGuest)
  async upgradeGuest(
    @RestCall() call: CallOf<typeof auth.upgradeGuest>,
  ): Promise<ResponseOf<typeof auth.upgradeGuest>> {
    const { userId: actorId, sessionId } = call.caller;
    const answer = await this.identity.upgradeGuest({ actorId, sessionId, ...call.body });
    return unstored(call.reply, openedView(answer.opened));
  }

  @Handles(auth.refresh)
  async refresh(@RestCall() call: CallOf<typeof auth.refresh>): Promise<ResponseOf<typeof auth.refresh>> {
    const { refreshToken, deviceId = '' } = call.body;
    const answer = await this.identity.refresh({ refreshToken, deviceId, address: call.address });
    return unstored(call.reply, openedView(answer.opened));
  }

  @Handles(auth.logout)
  async logout(@RestCall() call: CallOf<typeof auth.logout>): Promise<void> {
    const { userId: actorId, sessionId } = call.caller;
    await this.identity.logout({ actorId, sessionId, everywhere: call.body.everywhere ?? false });
  }

  @Handles(auth.verify)
  async verify(@RestCall() call: CallOf<typeof auth.verify>): Promise<ResponseOf<typeof auth.verify>> {
    const { active, userId, sessionId, deviceId, roles, expiresAt } = await this.identity.verifyToken(call.body);
    if (!active) return unstored(call.reply, { active });
    return unstored(call.reply, { active, userId, sessionId, deviceId, roles, expiresAt: iso(expiresAt) });
  }

  @Handles(auth.jwks)
  async jwks(@RestCall() call: CallOf<typeof auth.jwks>): Promise<ResponseOf<typeof auth.jwks>> {
    const { jwksJson } = await this.identity.getKeys({});
    void call.reply.header('cache-control', JWKS_CACHE);
    return JSON.parse(jwksJson) as ResponseOf<typeof auth.jwks>;
  }
}

/** Answers with secrets are kept by nobody on the way. */
function unstored<T>(reply: FastifyReply, body: T): T {
  void reply.header('cache-control', 'no-store');
  return body;
}
