import type { FileId, UserId } from '@parley/kernel';
import type { AvatarHolder } from '../domain/avatar.js';

/** Whose avatar is what now. Throws `server.unavailable` when who knows does not answer: nothing is allowed then. */
export abstract class AvatarHolders {
  /** Does the holder name this file as its avatar now, and may the viewer see the holder? */
  abstract shows(holder: AvatarHolder, fileId: FileId, viewerId: UserId): Promise<boolean>;
}
