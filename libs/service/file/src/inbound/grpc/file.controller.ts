import { fileV1 } from '@parley/contracts/rpc';
import {
  AllowAvatar,
  AttachFile,
  CompleteUpload,
  CreateDownload,
  CreateThumbnail,
  CreateUpload,
  DeleteFile,
  type FileRecord,
  GetFile,
} from '@parley/core-file';
import type { ConversationId, FileId, UserId } from '@parley/kernel';
import { Controller } from '@nestjs/common';

@Controller()
@fileV1.FileServiceControllerMethods()
export class FileController implements fileV1.FileServiceController {
  constructor(
    private readonly create: CreateUpload,
    private readonly complete: CompleteUpload,
    private readonly get: GetFile,
    private readonly download: CreateDownload,
    private readonly thumbnail: CreateThumbnail,
    private readonly remove: DeleteFile,
    private readonly attach: AttachFile,
    private readonly avatar: AllowAvatar,
  ) {}

  async createUpload(request: fileV1.CreateUploadRequest): Promise<fileV1.CreateUploadResponse> {
    const { file, ticket, parts } = await this.create.execute({
      ...request,
      actorId: request.actorId as UserId,
      sha256: request.sha256.toLowerCase(),
      conversationId: request.conversationId as ConversationId | '',
    });
    return { file: wireFile(file), upload: ticket, multipart: parts };
  }

  async completeUpload(request: fileV1.CompleteUploadRequest): Promise<fileV1.CompleteUploadResponse> {
    return { file: wireFile(await this.complete.execute(target(request))) };
  }

  async getFile(request: fileV1.GetFileRequest): Promise<fileV1.GetFileResponse> {
    return { file: wireFile(await this.get.execute(target(request))) };
  }

  createDownload(request: fileV1.CreateDownloadRequest): Promise<fileV1.CreateDownloadResponse> {
    return this.download.execute(target(request));
  }

  createThumbnail(request: fileV1.CreateThumbnailRequest): Promise<fileV1.CreateThumbnailResponse> {
    return this.thumbnail.execute({ ...target(request), size: request.size });
  }

  async deleteFile(request: fileV1.DeleteFileRequest): Promise<fileV1.DeleteFileResponse> {
    await this.remove.execute(target(request));
    return {};
  }

  async attachFile(request: fileV1.AttachFileRequest): Promise<fileV1.AttachFileResponse> {
    const conversationId = request.conversationId as ConversationId;
    return { file: wireFile(await this.attach.execute({ ...target(request), conversationId })) };
  }

  async allowAvatar(request: fileV1.AllowAvatarRequest): Promise<fileV1.AllowAvatarResponse> {
    const { userId, conversationId } = request;
    const holder = {
      kind: userId === '' ? ('conversation' as const) : ('user' as const),
      id: userId || conversationId,
    };
    await this.avatar.execute({ ...target(request), holder });
    return {};
  }
}

const target = ({ actorId, fileId }: { actorId: string; fileId: string }) => ({
  actorId: actorId as UserId,
  fileId: fileId as FileId,
});

function wireFile(file: FileRecord): fileV1.File {
  const { fileId, ownerId, name, size, contentType, sha256, state, createdAt, width, height, blurhash } = file;
  return { fileId, ownerId, name, size, contentType, sha256, state, createdAt, width, height, blurhash };
}
