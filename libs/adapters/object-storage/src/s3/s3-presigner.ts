import type { Clock } from '@parley/kernel';
import aws4 from 'aws4';
import type { S3ObjectStorageOptions } from './s3-options.js';

const MAX_SECONDS = 7 * 24 * 3600;

export interface Signing {
  method: 'GET' | 'PUT';
  key: string;
  query?: Record<string, string>;
  /** All of them are signed: the store refuses a request that lacks one, or has another value. */
  headers?: Record<string, string>;
  expiresAt: number;
}

type Credentials = Pick<S3ObjectStorageOptions, 'accessKey' | 'secretKey' | 'region' | 'bucket'>;

/**
 * URLs with a signature of version 4 in the query. Not minio's own presigner, which leaves Content-Length and Content-Type out of the
 * signature: anything of any size could be sent to its URLs.
 */
export class S3Presigner {
  private readonly origin: URL;

  /** @param origin scheme, host and port that the request will come to; the host is signed */
  constructor(
    origin: string,
    private readonly credentials: Credentials,
    private readonly clock: Clock,
  ) {
    this.origin = new URL(origin);
    if (this.origin.pathname !== '/' || this.origin.search !== '')
      throw new Error(`The address of an object store has no path: ${origin}`);
  }

  url({ method, key, query = {}, headers = {}, expiresAt }: Signing): string {
    const { accessKey, secretKey, region, bucket } = this.credentials;
    const now = this.clock.now();
    const seconds = Math.min(Math.max(Math.ceil((expiresAt - now) / 1000), 1), MAX_SECONDS);
    const params = new URLSearchParams(query);
    params.set('X-Amz-Date', new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, ''));
    params.set('X-Amz-Expires', String(seconds));
    const { path } = aws4.sign(
      {
        service: 's3',
        signQuery: true,
        region,
        method,
        host: this.origin.host,
        headers,
        path: `/${bucket}/${key}?${params.toString()}`,
      },
      { accessKeyId: accessKey, secretAccessKey: secretKey },
    );
    return `${this.origin.origin}${path}`;
  }
}
