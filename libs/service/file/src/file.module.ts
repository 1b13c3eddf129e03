import type { SqlDatabase } from '@parley/adapter-sql';
import { EventLog } from '@parley/contracts';
import { RpcClients } from '@parley/contracts/rpc';
import {
  AllowAvatar,
  AttachFile,
  AvatarHolders,
  CollectFiles,
  CompleteUpload,
  ConversationAccess,
  CreateDownload,
  CreateThumbnail,
  CreateUpload,
  DeleteFile,
  Discard,
  FileStore,
  GetFile,
  ObjectStorage,
  PictureMaker,
  ReadableFiles,
  Thumbnails,
  ThumbnailStore,
  TypeSniffer,
  UploadTickets,
} from '@parley/core-file';
import { Clock, IdGenerator } from '@parley/kernel';
import { bind, measureWaitingRows, Outbox, provide, Sweeper } from '@parley/platform';
import {
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { fileCollection } from './file-collection.js';
import { FileController } from './inbound/grpc/file.controller.js';
import { FileTypeSniffer } from './outbound/file-type-sniffer.js';
import { ImageProcesses } from './outbound/images/image-processes.js';
import { RpcAvatarHolders } from './outbound/rpc-avatar-holders.js';
import { RpcConversationAccess } from './outbound/rpc-conversation-access.js';
import { SqlFileStore } from './outbound/sql-file-store.js';
import { SqlThumbnailStore } from './outbound/sql-thumbnail-store.js';
import { fileLimits, type FileSettings } from './settings.js';

export interface FileModuleOptions {
  /** Of the schema `file`. Closed by who opened it. */
  database: SqlDatabase;
  /** Where the bytes lie. Opened and closed by the composition root, which also mounts its routes where it has any. */
  storage: ObjectStorage;
  settings: FileSettings;
}

const DATABASE = Symbol('FileDatabase');
const LIMITS = Symbol('FileLimits');
// A token of its own: every service in the process has an outbox.
const OUTBOX = Symbol('FileOutbox');
const COLLECTION = Symbol('FileCollection');

function imageProcesses(settings: FileSettings): ImageProcesses {
  const logger = new Logger('Thumbnails');
  return new ImageProcesses({
    atOnce: settings.PARLEY_FILE_THUMBNAILS_AT_ONCE,
    maxPixels: settings.PARLEY_FILE_THUMBNAIL_PIXELS,
    onTrouble: (line) => logger.debug(`An image could not be decoded: ${line}`),
  });
}

@Module({})
export class FileModule implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(FileModule.name);

  static with({ database, storage, settings }: FileModuleOptions): DynamicModule {
    measureWaitingRows('file', 'outbox', database);
    return {
      module: FileModule,
      controllers: [FileController],
      providers: [
        { provide: DATABASE, useValue: database },
        { provide: LIMITS, useValue: fileLimits(settings) },
        { provide: ObjectStorage, useValue: storage },
        { provide: OUTBOX, inject: [EventLog], useFactory: (log: EventLog) => new Outbox(database, log) },
        bind(FileStore, SqlFileStore, DATABASE, OUTBOX),
        bind(ConversationAccess, RpcConversationAccess, RpcClients),
        bind(ThumbnailStore, SqlThumbnailStore, DATABASE),
        bind(AvatarHolders, RpcAvatarHolders, RpcClients),
        bind(TypeSniffer, FileTypeSniffer),
        { provide: PictureMaker, useFactory: () => imageProcesses(settings) },
        provide(ReadableFiles, FileStore, ConversationAccess, AvatarHolders),
        provide(Thumbnails, ThumbnailStore, ObjectStorage, PictureMaker, LIMITS),
        provide(Discard, ObjectStorage, ThumbnailStore),
        provide(UploadTickets, FileStore, ObjectStorage, Clock, LIMITS),
        provide(CreateUpload, FileStore, UploadTickets, ConversationAccess, Clock, IdGenerator, LIMITS),
        provide(CompleteUpload, FileStore, ObjectStorage, TypeSniffer, Thumbnails, LIMITS),
        provide(GetFile, ReadableFiles),
        provide(CreateDownload, ReadableFiles, ObjectStorage, Clock, LIMITS),
        provide(CreateThumbnail, ReadableFiles, Thumbnails, ObjectStorage, Clock, LIMITS),
        provide(AllowAvatar, FileStore),
        provide(AttachFile, FileStore, ReadableFiles, ConversationAccess),
        provide(DeleteFile, FileStore, Discard),
        provide(CollectFiles, FileStore, Discard, Clock, LIMITS),
        {
          provide: COLLECTION,
          inject: [CollectFiles],
          useFactory: (files: CollectFiles) => fileCollection(files, database.leases),
        },
      ],
    };
  }

  constructor(
    @Inject(COLLECTION) private readonly collection: Sweeper,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(PictureMaker) private readonly pictures: ImageProcesses,
  ) {}

  onModuleInit(): void {
    this.collection.start();
    this.outbox.start((error) => this.logger.warn(`File events wait for the event log: ${String(error)}`));
  }

  async onApplicationShutdown(): Promise<void> {
    this.pictures.stop();
    await this.collection.stop();
    await this.outbox.stop();
  }
}
