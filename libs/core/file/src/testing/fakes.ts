import { type ConversationId, DomainError, type FileId, type UserId } from '@parley/kernel';
import type { AvatarHolder } from '../domain/avatar.js';
import { noThumbnail } from '../domain/file.errors.js';
import { imageSize } from '../domain/image-size.js';
import { AvatarHolders } from '../ports/avatar-holders.js';
import { ConversationAccess } from '../ports/conversation-access.js';
import { type Picture, PictureMaker } from '../ports/picture-maker.js';
import { TypeSniffer } from '../ports/type-sniffer.js';

/** Conversations as the message service would know them: a head, and from which seq on each member sees. */
export class FakeConversations extends ConversationAccess {
  private readonly known = new Map<string, { head: number; from: Map<string, number> }>();

  set(conversationId: string, head: number, visibleFrom: Record<string, number>): void {
    this.known.set(conversationId, { head, from: new Map(Object.entries(visibleFrom)) });
  }

  async head(conversationId: ConversationId, userId: UserId): Promise<number | undefined> {
    const conversation = this.known.get(conversationId);
    return conversation?.from.has(userId) === true ? conversation.head : undefined;
  }

  async seesAfter(conversationId: ConversationId, headSeq: number, userId: UserId): Promise<boolean> {
    const from = this.known.get(conversationId)?.from.get(userId);
    return from !== undefined && from <= headSeq + 1;
  }
}

/** Who shows what, as identity and conversation would know it: to everybody, or to some. */
export class FakeAvatarHolders extends AvatarHolders {
  private readonly shown = new Map<string, { fileId: string; viewers: readonly string[] | 'everybody' }>();

  set(holder: AvatarHolder, fileId: string, viewers: readonly string[] | 'everybody' = 'everybody'): void {
    this.shown.set(`${holder.kind} ${holder.id}`, { fileId, viewers });
  }

  async shows(holder: AvatarHolder, fileId: FileId, viewerId: UserId): Promise<boolean> {
    const now = this.shown.get(`${holder.kind} ${holder.id}`);
    return now?.fileId === fileId && (now.viewers === 'everybody' || now.viewers.includes(viewerId));
  }
}

/** Decodes nothing: a picture of a picture is its first byte and the edge. What ends with `BROKEN` is broken. */
export class FakePictures extends PictureMaker {
  made = 0;
  isBusy = false;
  /** Called in the middle of each. */
  meanwhile: () => Promise<void> = async () => {};

  async make(read: () => Promise<Uint8Array>, edge: number): Promise<Picture> {
    if (this.isBusy) throw new DomainError('server.busy', 'unavailable');
    const bytes = await read();
    this.made += 1;
    await this.meanwhile();
    if (bytes.at(-1) === BROKEN) throw noThumbnail();
    const size = imageSize('image/png', bytes) ?? { width: 1, height: 1 };
    return { webp: Uint8Array.from([bytes[0] ?? 0, edge & 255]), ...size, blurhash: 'L00000' };
  }
}

/** The last byte of an image that `FakePictures` cannot decode. */
export const BROKEN = 0xbd;

/** Knows two magic numbers. */
export class TinySniffer extends TypeSniffer {
  async sniff(head: Uint8Array): Promise<string | undefined> {
    if (head[0] === 0x89 && head[1] === 0x50) return 'image/png';
    if (head[0] === 0x25 && head[1] === 0x50) return 'application/pdf';
    return undefined;
  }
}
