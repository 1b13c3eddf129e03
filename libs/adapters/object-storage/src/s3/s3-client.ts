import * as http from 'node:http';
import * as https from 'node:https';
import { Client } from 'minio';
import type { S3ObjectStorageOptions } from './s3-options.js';

const CONNECTIONS = 64;

type Access = Pick<S3ObjectStorageOptions, 'endpoint' | 'accessKey' | 'secretKey' | 'region'>;

/** minio's client with a deadline, without its own retries (they print), and with the list of an upload's parts. */
export class S3Client extends Client {
  private readonly agent: http.Agent;

  /** @param deadlineMs the longest that the store may be silent, from connecting to the last byte */
  constructor({ endpoint, accessKey, secretKey, region }: Access, deadlineMs: number) {
    const { protocol, hostname, port } = new URL(endpoint);
    const useSSL = protocol === 'https:';
    const agent = new (useSSL ? https : http).Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    super({
      endPoint: hostname,
      ...(port === '' ? {} : { port: Number(port) }),
      useSSL,
      accessKey,
      secretKey,
      region,
      pathStyle: true,
      retryOptions: { disableRetry: true },
      transport: { request: withDeadline(useSSL ? https.request : http.request, deadlineMs) },
      transportAgent: agent,
    });
    this.agent = agent;
  }

  parts(bucket: string, key: string, uploadId: string): Promise<{ part: number; size: number; etag: string }[]> {
    return this.listParts(bucket, key, uploadId);
  }

  close(): void {
    this.agent.destroy();
  }
}

type Request = (options: http.RequestOptions, onAnswer?: (answer: http.IncomingMessage) => void) => http.ClientRequest;

/** A socket that is silent for so long is cut: the request fails, or the body that is being read. */
function withDeadline(send: Request, deadlineMs: number): typeof http.request {
  const request: Request = (options, onAnswer) => {
    const sent = send({ ...options, timeout: deadlineMs }, onAnswer);
    return sent.on('timeout', () => sent.destroy(new Error(`no answer within ${deadlineMs} ms`)));
  };
  return request as typeof http.request;
}
