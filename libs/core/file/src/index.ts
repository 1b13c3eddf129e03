export { AllowAvatar } from './application/allow-avatar.js';
export { AttachFile } from './application/attach-file.js';
export { CollectFiles } from './application/collect-files.js';
export { CompleteUpload } from './application/complete-upload.js';
export { CreateUpload, type CreateUploadCommand, type Upload } from './application/create-upload.js';
export { type PartsTicket, type PartTicket, UploadTickets } from './application/upload-tickets.js';
export { DeleteFile } from './application/delete-file.js';
export { Discard } from './application/discard.js';
export { CreateDownload, CreateThumbnail, GetFile } from './application/read-file.js';
export { ReadableFiles } from './application/readable-files.js';
export { Thumbnails } from './application/thumbnails.js';
export type { AvatarHolder } from './domain/avatar.js';
export type { Attachment, FileLimits, FileRecord, FileState, Refusal, Verified } from './domain/file.js';
export { noThumbnail } from './domain/file.errors.js';
export type { Look, Thumbnail, ThumbnailState } from './domain/thumbnail.js';
export { AvatarHolders } from './ports/avatar-holders.js';
export { ConversationAccess } from './ports/conversation-access.js';
export { type AddOutcome, FileStore } from './ports/file-store.js';
export {
  type GetGrant,
  ObjectStorage,
  type PartGrant,
  type PutGrant,
  type SignedRequest,
  type StoredPart,
} from './ports/object-storage.js';
export { type Picture, PictureMaker } from './ports/picture-maker.js';
export { ThumbnailStore } from './ports/thumbnail-store.js';
export { TypeSniffer } from './ports/type-sniffer.js';
