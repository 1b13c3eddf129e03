import type { UserId } from '@parley/kernel';

/** The identity service, which owns users. */
export abstract class UserDirectory {
  /** Those that exist and are not deleted. @throws server.unavailable */
  abstract existing(actorId: UserId, userIds: readonly UserId[]): Promise<Set<UserId>>;
}
