/** What a client has to send, exactly so. Its Content-Length, which HTTP clients add by themselves, is signed, too. */
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
  /** Lower-case hex of what the bytes have to be, or empty. Stores that can enforce it do. */
  sha256: string;
  expiresAt: number;
}

export interface PartGrant {
  key: string;
  uploadId: string;
  /** From 1. */
  number: number;
  /** Bytes, as of a whole object. */
  size: number;
  expiresAt: number;
}

export interface StoredPart {
  number: number;
  size: number;
}

export interface GetGrant {
  key: string;
  /** The name that the download is saved under. */
  fileName: string;
  /** The type that the answer carries. */
  contentType: string;
  expiresAt: number;
}

/**
 * Bytes by key. Clients reach them through signed URLs only. Throws `server.unavailable` when the store does not answer.
 *
 * An object comes into being in one of three ways: by one signed PUT, from parts, which make an object only when the server joins
 * them, or written by the server itself. It never changes afterwards, whatever tickets are out.
 */
export abstract class ObjectStorage {
  /** A URL that takes one upload of exactly this size and type. Once an object is there, further uploads are refused. */
  abstract presignPut(grant: PutGrant): Promise<SignedRequest>;
  /** A URL that answers as an attachment until it expires. Nothing is looked up: it may point at nothing. */
  abstract presignGet(grant: GetGrant): Promise<string>;
  /** Undefined when there is no object. */
  abstract stat(key: string): Promise<{ size: number } | undefined>;
  /** The object in order, in pieces; with `length` no more than its first bytes. Throws when there is none. */
  abstract read(key: string, length?: number): AsyncIterable<Uint8Array>;
  /** An object of the server's own making, at most some MiB. False when there is one, or was one that was deleted: nothing is changed then. */
  abstract write(key: string, bytes: Uint8Array, contentType: string): Promise<boolean>;
  /** After this no upload ticket works for the key. Idempotent; also where there never was an object. Parts are not touched. */
  abstract delete(key: string): Promise<void>;

  /** Opens an upload in parts. Answers its id, at most 512 characters. */
  abstract openParts(grant: { key: string; contentType: string }): Promise<string>;
  /** A URL that takes this part, exactly as long. Until the parts are joined or dropped it may be sent again; then it is refused. */
  abstract presignPart(grant: PartGrant): Promise<SignedRequest>;
  /** What is there in full, by number. Undefined when the upload is over: joined, dropped, or forgotten by the store. */
  abstract storedParts(key: string, uploadId: string): Promise<StoredPart[] | undefined>;
  /**
   * Makes the object of its parts. Answers the numbers of those that are missing or have another size; none: the object is there,
   * and the upload is over. Idempotent. False: the upload is over and there is no object.
   */
  abstract joinParts(key: string, uploadId: string, parts: readonly StoredPart[]): Promise<number[] | false>;
  /** Ends an upload that was not joined; its parts are gone. Idempotent. */
  abstract dropParts(key: string, uploadId: string): Promise<void>;
}
