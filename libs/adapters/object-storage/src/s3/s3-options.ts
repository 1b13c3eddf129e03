import type { Clock } from '@parley/kernel';

export interface S3ObjectStorageOptions {
  /** As this process reaches it, e.g. `http://minio:9000`. No path. */
  endpoint: string;
  /** As clients reach it. Signatures cover the host name, so it has to be the one that clients use. No path. */
  publicUrl: string;
  accessKey: string;
  secretKey: string;
  region: string;
  /** Made at the start when it is not there. Nothing else may lie in it. */
  bucket: string;
  /** The store drops uploads in parts by itself that are older; later than the file context calls them abandoned. */
  abandonedAfterMs: number;
  clock: Clock;
  /** Lines for the log: what does not answer and why, not more than is worth reading. */
  onTrouble: (line: string) => void;
  /** Gives up waiting at the start. */
  signal?: AbortSignal;
}
