/** The shapes of the port that the file context declares; an adapter knows no context. */
export interface PutGrant {
  key: string;
  size: number;
  contentType: string;
  sha256: string;
  expiresAt: number;
}

export interface PartGrant {
  key: string;
  uploadId: string;
  number: number;
  size: number;
  expiresAt: number;
}

export interface StoredPart {
  number: number;
  size: number;
}

export interface GetGrant {
  key: string;
  fileName: string;
  contentType: string;
  expiresAt: number;
}
