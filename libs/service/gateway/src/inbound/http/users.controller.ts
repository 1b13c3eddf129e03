import { type ResponseOf, rest } from '@parley/contracts';
import { identityV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';
import { Controller, Inject } from '@nestjs/common';
import { answered } from '../../composition/answered.js';
import { Avatars } from '../../composition/avatars.js';
import { nextCursor, pageRequest } from '../../composition/wire-text.js';
import { privateUserView, sessionView, userView } from '../user-view.js';
import { type CallOf, Handles, RestCall } from './operation.js';

const { users } = rest;

@Controller()
export class UsersController {
  private readonly identity: ServiceClient<typeof identityV1.IdentityServiceService>;

  private readonly avatars: Avatars;

  constructor(@Inject(RpcClients) rpc: RpcClients) {
    this.identity = rpc.of(identityV1.IdentityServiceService);
    this.avatars = new Avatars(rpc);
  }

  @Handles(users.me)
  async me(@RestCall() call: CallOf<typeof users.me>): Promise<ResponseOf<typeof users.me>> {
    const { userId } = call.caller;
    return privateUserView(await this.one(userId, userId));
  }

  @Handles(users.updateMe)
  async updateMe(@RestCall() call: CallOf<typeof users.updateMe>): Promise<ResponseOf<typeof users.updateMe>> {
    const { displayName, avatarFileId } = call.body;
    await this.avatars.ofUser(call.caller.userId, avatarFileId);
    const answer = await this.identity.updateProfile({
      actorId: call.caller.userId,
      displayName,
      avatarFileId: avatarFileId === null ? '' : avatarFileId,
    });
    return privateUserView(answered(answer.user));
  }

  @Handles(users.removeMe)
  async removeMe(@RestCall() call: CallOf<typeof users.removeMe>): Promise<void> {
    await this.identity.deleteAccount({ actorId: call.caller.userId });
  }

  @Handles(users.changePassword)
  async changePassword(@RestCall() call: CallOf<typeof users.changePassword>): Promise<void> {
    const { userId: actorId, sessionId } = call.caller;
    await this.identity.changePassword({ actorId, sessionId, ...call.body });
  }

  @Handles(users.search)
  async search(@RestCall() call: CallOf<typeof users.search>): Promise<ResponseOf<typeof users.search>> {
    const { userId: actorId } = call.caller;
    const { q, ids } = call.query;
    if (ids !== undefined)
      return { items: (await this.identity.getUsers({ actorId, userIds: ids })).users.map(userView) };
    const page = pageRequest(call.query);
    const answer = await this.identity.searchUsers({ actorId, query: q ?? '', page, among: [] });
    return { items: answer.users.map(userView), ...nextCursor(answer.nextCursor) };
  }

  @Handles(users.get)
  async get(@RestCall() call: CallOf<typeof users.get>): Promise<ResponseOf<typeof users.get>> {
    return userView(await this.one(call.caller.userId, call.params.userId));
  }

  @Handles(users.sessions)
  async sessions(@RestCall() call: CallOf<typeof users.sessions>): Promise<ResponseOf<typeof users.sessions>> {
    const { userId: actorId, sessionId } = call.caller;
    const { sessions } = await this.identity.listSessions({ actorId });
    return { items: sessions.map((session) => sessionView(session, sessionId)) };
  }

  @Handles(users.revokeSession)
  async revokeSession(@RestCall() call: CallOf<typeof users.revokeSession>): Promise<void> {
    await this.identity.revokeSession({ actorId: call.caller.userId, ...call.params });
  }

  private async one(actorId: string, userId: string): Promise<identityV1.User> {
    const [found] = (await this.identity.getUsers({ actorId, userIds: [userId] })).users;
    if (found === undefined)
      throw new DomainError('user.not_found', 'not_found', { message: 'There is no such user.' });
    return found;
  }
}
