/** What a client has to send, exactly so. */
export interface SignedRequest {
  method: 'PUT';
  url: string;
  headers: { name: string; value: string }[];
  expiresAt: number;
}

export interface PutGrant {
  key: string;
  /** Bytes; an upload of another size is refused and leaves nothing behind. */
  size: number;
  contentType: string;
  expiresAt: number;
}

export interface GetGrant {
  key: string;
  /** The name that the download is saved under. */
  fileName: string;
  /** The type that the answer carries. */
  contentType: string;
  expiresAt: number;
}

/** Bytes by key. Clients reach them through signed URLs only. Throws `server.unavailable` when the store does not answer. */
export abstract class ObjectStorage {
  /** A URL that takes one upload of exactly this size and type. Once an object is there, further uploads are refused. */
  abstract presignPut(grant: PutGrant): Promise<SignedRequest>;
  /** A URL that answers as an attachment until it expires. Nothing is looked up: it may point at nothing. */
  abstract presignGet(grant: GetGrant): Promise<string>;
  /** Undefined when there is no object. */
  abstract stat(key: string): Promise<{ size: number } | undefined>;
  /** The whole object in order, in pieces. Throws when there is none. */
  abstract read(key: string): AsyncIterable<Uint8Array>;
  /** After this no upload ticket works for the key. Idempotent; also where there never was an object. */
  abstract delete(key: string): Promise<void>;
}
