import { z } from 'zod';
import { id, pageOf, pageQuery, text, timestamp } from './common.js';
import { operation } from './operation.js';
import { person } from './people.js';
import { socketEvent } from './socket.js';

const contactFields = { userId: z.string(), remark: z.string(), tags: z.array(z.string()), addedAt: timestamp };
const requestFields = {
  requestId: z.string(),
  fromUserId: z.string(),
  toUserId: z.string(),
  greeting: z.string(),
  state: z.enum(['pending', 'accepted', 'declined', 'expired']),
  createdAt: timestamp,
  expiresAt: timestamp,
  answeredAt: timestamp.optional(),
};

/** `user` is filled in lists and answers, not in events. */
export const contact = z.object({ ...contactFields, user: person.optional() }).meta({ id: 'Contact' });
/** `user` is the other side. */
export const contactRequest = z.object({ ...requestFields, user: person.optional() }).meta({ id: 'ContactRequest' });

const tag = 'contacts';
const access = 'user';
const byUser = z.strictObject({ userId: id });
const byRequest = z.strictObject({ requestId: id });

export const contacts = {
  list: operation({
    id: 'listContacts',
    method: 'GET',
    path: '/contacts',
    tag,
    access,
    summary: 'My contacts',
    query: pageQuery,
    response: pageOf(contact),
  }),
  update: operation({
    id: 'updateContact',
    method: 'PATCH',
    path: '/contacts/{userId}',
    tag,
    access,
    summary: 'My remark and tags for a contact; only I see them',
    params: byUser,
    body: z.strictObject({
      remark: text(100).optional(),
      tags: z.array(text(30, 1)).max(20).optional(),
    }),
    response: contact,
    errors: ['contact.not_found'],
  }),
  remove: operation({
    id: 'removeContact',
    method: 'DELETE',
    path: '/contacts/{userId}',
    tag,
    access,
    summary: 'Ends the contact on both sides; the conversation stays',
    params: byUser,
    errors: ['contact.not_found'],
  }),
  requests: operation({
    id: 'listContactRequests',
    method: 'GET',
    path: '/contacts/requests',
    tag,
    access,
    summary: 'Requests to me (in, the default) or by me (out), newest first',
    query: z.strictObject({ ...pageQuery.shape, direction: z.enum(['in', 'out']).optional() }),
    response: pageOf(contactRequest),
  }),
  request: operation({
    id: 'requestContact',
    method: 'POST',
    path: '/contacts/requests',
    tag,
    access,
    status: 201,
    summary:
      'Asks for contact. A request of the other side that waits is accepted by it; a repeat answers the one that waits',
    body: z.strictObject({ userId: id, greeting: text(200).optional() }),
    response: contactRequest,
    errors: ['user.not_found', 'contact.already', 'contact.request_paused', 'contact.self'],
  }),
  accept: operation({
    id: 'acceptContactRequest',
    method: 'POST',
    path: '/contacts/requests/{requestId}/accept',
    tag,
    access,
    summary: 'Accepts a request to me',
    params: byRequest,
    response: contactRequest,
    errors: ['contact.request_not_found', 'contact.request_over'],
  }),
  decline: operation({
    id: 'declineContactRequest',
    method: 'POST',
    path: '/contacts/requests/{requestId}/decline',
    tag,
    access,
    summary: 'Declines a request to me; the other may ask again after a pause',
    params: byRequest,
    response: contactRequest,
    errors: ['contact.request_not_found', 'contact.request_over'],
  }),
  blocks: operation({
    id: 'listBlocks',
    method: 'GET',
    path: '/blocks',
    tag,
    access,
    summary: 'Whom I block',
    query: pageQuery,
    response: pageOf(person),
  }),
  block: operation({
    id: 'block',
    method: 'PUT',
    path: '/blocks/{userId}',
    tag,
    access,
    summary: 'Blocks a user: no direct messages, requests, invitations or presence. A contact stays one',
    params: byUser,
    errors: ['user.not_found', 'contact.self'],
  }),
  unblock: operation({
    id: 'unblock',
    method: 'DELETE',
    path: '/blocks/{userId}',
    tag,
    access,
    summary: 'Ends a block',
    params: byUser,
  }),
};

export const contactEvents = {
  changed: socketEvent({
    event: 'contact:changed',
    summary:
      'My contacts, requests or blocks changed; `userId` is the other side. `request` and `contact` are as in my lists, without `user`',
    payload: z.object({
      change: z.enum([
        'request-sent',
        'request-received',
        'request-accepted',
        'request-declined',
        'added',
        'updated',
        'removed',
        'blocked',
        'unblocked',
      ]),
      userId: z.string(),
      request: z.object(requestFields).optional(),
      contact: z.object(contactFields).optional(),
    }),
  }),
};
