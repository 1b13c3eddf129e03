import { type ResponseOf, rest } from '@parley/contracts';
import { fileV1, RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { Controller, Inject } from '@nestjs/common';
import { answered } from '../../composition/answered.js';
import type { FastifyRequest } from 'fastify';
import { isHost } from '../../web/web-headers.js';
import { type CallOf, Handles, RestCall } from './operation.js';

const { files } = rest;

/** The file area over REST. Bytes never come this way: they go to the object store by signed URLs. */
@Controller()
export class FilesController {
  private readonly files: ServiceClient<typeof fileV1.FileServiceService>;

  constructor(@Inject(RpcClients) rpc: RpcClients) {
    this.files = rpc.of(fileV1.FileServiceService);
  }

  @Handles(files.create)
  async create(@RestCall() call: CallOf<typeof files.create>): Promise<ResponseOf<typeof files.create>> {
    const { sha256 = '', conversationId = '', ...announced } = call.body;
    const { idempotencyKey, caller } = call;
    const answer = await this.files.createUpload({
      actorId: caller.userId,
      ...announced,
      sha256,
      conversationId,
      idempotencyKey,
    });
    const file = fileView(answer.file);
    if (answer.multipart === undefined) return { file, upload: ticketView(answer.upload, call.request) };
    const { partSize, parts, uploaded } = answer.multipart;
    return {
      file,
      multipart: {
        partSize,
        parts: parts.map(({ number, size, request }) => ({ number, size, ...ticketView(request, call.request) })),
        uploaded,
      },
    };
  }

  @Handles(files.complete)
  async complete(@RestCall() call: CallOf<typeof files.complete>): Promise<ResponseOf<typeof files.complete>> {
    return fileView((await this.files.completeUpload(target(call))).file);
  }

  @Handles(files.get)
  async get(@RestCall() call: CallOf<typeof files.get>): Promise<ResponseOf<typeof files.get>> {
    return fileView((await this.files.getFile(target(call))).file);
  }

  @Handles(files.download)
  async download(
    @RestCall() call: CallOf<typeof files.download>,
  ): Promise<ResponseOf<typeof files.download> | Response> {
    return linkTo(await this.files.createDownload(target(call)), call);
  }

  @Handles(files.thumbnail)
  async thumbnail(
    @RestCall() call: CallOf<typeof files.thumbnail>,
  ): Promise<ResponseOf<typeof files.thumbnail> | Response> {
    return linkTo(await this.files.createThumbnail({ ...target(call), size: call.query.size }), call);
  }

  @Handles(files.remove)
  async remove(@RestCall() call: CallOf<typeof files.remove>): Promise<void> {
    await this.files.deleteFile(target(call));
  }
}

const target = ({ caller, params }: { caller: { userId: string }; params: { fileId: string } }) => ({
  actorId: caller.userId,
  fileId: params.fileId,
});

type LinkCall = { request: FastifyRequest; query: { as?: 'json' | undefined } };

function linkTo(link: fileV1.CreateDownloadResponse, { request, query }: LinkCall) {
  const { url, expiresAt } = { ...link, url: fromOutside(link.url, request) };
  if (query.as === 'json') return { url, expiresAt: new Date(expiresAt).toISOString() };
  // The link is a permission: nobody on the way keeps the redirect.
  return new Response(null, { status: 302, headers: { location: url, 'cache-control': 'private, no-store' } });
}

/** The embedded store is this server, under whatever name the client knows it. */
function fromOutside(url: string, { protocol, host }: FastifyRequest): string {
  return url.startsWith('/') && isHost(host) ? `${protocol}://${host}${url}` : url;
}

function ticketView(wire: fileV1.UploadTicket | undefined, request: FastifyRequest) {
  const { url, headers, expiresAt } = answered(wire);
  return {
    method: 'PUT' as const,
    url: fromOutside(url, request),
    headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
    expiresAt: new Date(expiresAt).toISOString(),
  };
}

function fileView(wire: fileV1.File | undefined): ResponseOf<typeof files.get> {
  const { sha256, width, height, blurhash, createdAt, ...file } = answered(wire);
  return {
    ...file,
    state: file.state as ResponseOf<typeof files.get>['state'],
    createdAt: new Date(createdAt).toISOString(),
    ...(sha256 === '' ? {} : { sha256 }),
    ...(width === 0 ? {} : { width, height }),
    ...(blurhash === '' ? {} : { blurhash }),
  };
}
