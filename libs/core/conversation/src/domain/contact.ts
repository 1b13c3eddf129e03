import type { UserId } from '@parley/kernel';

/** One side of a contact: what `userId` noted about `peerId`. Both sides exist or none. */
export interface Contact {
  userId: UserId;
  peerId: UserId;
  remark: string;
  tags: readonly string[];
  addedAt: number;
}

export type RequestState = 'pending' | 'accepted' | 'declined';

export interface ContactRequest {
  id: string;
  from: UserId;
  to: UserId;
  greeting: string;
  state: RequestState;
  createdAt: number;
  /** A pending request counts as expired from here on. */
  expiresAt: number;
  /** 0 while pending. */
  answeredAt: number;
}

/** The request if it still waits for an answer. */
export function pending(request: ContactRequest | undefined, now: number): ContactRequest | undefined {
  return request?.state === 'pending' && now < request.expiresAt ? request : undefined;
}

/** As people see it: expiry is a matter of the time of reading, nothing is written for it. */
export function visibleState(request: ContactRequest, now: number): RequestState | 'expired' {
  return request.state === 'pending' && now >= request.expiresAt ? 'expired' : request.state;
}

export interface ContactPatch {
  remark?: string;
  tags?: readonly string[];
}

/** Tells one user's devices what changed in their lists. */
export interface ContactChange {
  userId: UserId;
  peerId: UserId;
  change:
    | 'request-sent'
    | 'request-received'
    | 'request-accepted'
    | 'request-declined'
    | 'added'
    | 'updated'
    | 'removed'
    | 'blocked'
    | 'unblocked';
  request?: ContactRequest;
  contact?: Contact;
}
