import type { Page, PageRequest, UserId } from '@parley/kernel';

/** The identity service, which owns users. */
export abstract class UserDirectory {
  /** Those that exist and are not deleted. @throws server.unavailable */
  abstract existing(actorId: UserId, userIds: readonly UserId[]): Promise<Set<UserId>>;

  /**
   * Users whose username, or a word of whose display name, begins so, by that word.
   * @param among only these, at most 1,000; empty for everybody
   * @throws server.unavailable
   */
  abstract named(actorId: UserId, prefix: string, among: readonly UserId[], page: PageRequest): Promise<Page<UserId>>;
}
