import type { ErrorKind } from '@parley/kernel';

/** What a published error code means and what the user can do. `kind` decides status and "try again?" (see ERROR_KINDS). */
export interface ErrorCode {
  kind: ErrorKind;
  meaning: string;
  /** What the user or developer can do. */
  advice: string;
}

const entry = (kind: ErrorKind, meaning: string, advice: string): ErrorCode => ({ kind, meaning, advice });

/** The closed list. A code that is thrown anywhere and is not here fails a test. */
export const ERROR_CODES = {
  'request.invalid': entry(
    'invalid',
    'The request does not have the documented form.',
    'See `errors` for the fields; do not repeat unchanged.',
  ),
  'request.unknown_event': entry(
    'invalid',
    'There is no such socket event.',
    'Check the name against the AsyncAPI document.',
  ),
  'request.not_found': entry(
    'not_found',
    'There is no such path.',
    'Check method and path against the OpenAPI document.',
  ),
  'limit.size': entry(
    'too_large',
    'Text, packet, file or list is larger than allowed.',
    'Send less; limits are in the documents.',
  ),
  'limit.rate': entry('rate_limited', 'Too many requests.', 'Wait `retryAfterMs`, then go on.'),
  'limit.sockets': entry(
    'rate_limited',
    'You have too many open connections.',
    'Close others, then connect again after `retryAfterMs`.',
  ),
  'server.draining': entry(
    'unavailable',
    'This node is being restarted.',
    'Connect again after `reconnectAfterMs`; another node takes over.',
  ),
  'server.busy': entry(
    'unavailable',
    'The server has as much work as it can queue.',
    'Try again after `retryAfterMs`.',
  ),
  'server.unavailable': entry(
    'unavailable',
    'A part of the server does not answer.',
    'Try again; a repeat with the same key is safe.',
  ),
  'server.internal': entry('internal', 'Something unexpected happened.', 'Report it with the traceId.'),
  'auth.token_missing': entry('unauthenticated', 'No access token was given.', 'Log in.'),
  'auth.token_invalid': entry('unauthenticated', 'The token is not valid.', 'Log in again.'),
  'auth.token_expired': entry('unauthenticated', 'The access token has expired.', 'Refresh it.'),
  'auth.session_revoked': entry('unauthenticated', 'The session was ended.', 'Log in again.'),
  'auth.invalid_credentials': entry('unauthenticated', 'Username or password is wrong.', 'Check both and try again.'),
  'auth.banned': entry('forbidden', 'The account or address is banned.', 'Ask an administrator.'),
  'auth.username_taken': entry('already_exists', 'This username is taken.', 'Choose another.'),
  'auth.password_unacceptable': entry(
    'invalid',
    'The new password is too short, too long, or one that is tried first.',
    'Choose another of 8 to 128 characters.',
  ),
  'auth.not_a_guest': entry('precondition', 'Only a guest can be upgraded to an account.', 'Nothing; log in instead.'),
  'auth.session_not_found': entry('not_found', 'You have no such session.', 'Reload your sessions.'),
  'user.not_found': entry('not_found', 'There is no such user.', 'Check the id.'),
  'policy.not_found': entry('not_found', 'There is no such rule.', 'Reload the policies.'),
  'policy.ban_not_found': entry('not_found', 'There is no such ban.', 'Reload the bans.'),
  'policy.would_lock_out': entry(
    'precondition',
    'Nobody could administer policies afterwards.',
    'Give somebody else the role first, or change the rules in another order.',
  ),
  'authz.denied': entry(
    'forbidden',
    'Policy does not allow it.',
    'As a guest, make an account of it (POST /auth/guest/upgrade); else ask an administrator for the role that does.',
  ),
  'conversation.not_found': entry(
    'not_found',
    'There is no such conversation, or you may not see it.',
    'Reload your list.',
  ),
  'conversation.role_too_low': entry(
    'forbidden',
    'Your role in the conversation does not allow it.',
    'Ask its owner or an admin.',
  ),
  'conversation.fixed': entry(
    'precondition',
    'Direct conversations and notes to oneself have fixed members and no settings of their own.',
    'Create a group.',
  ),
  'conversation.full': entry('precondition', 'The group has as many members as a group may have.', 'Create a room.'),
  'conversation.disbanded': entry(
    'precondition',
    'The conversation was disbanded.',
    'Its history stays readable; create a new one.',
  ),
  'conversation.member_not_found': entry(
    'not_found',
    'The user is not a member of the conversation.',
    'Reload the member list.',
  ),
  'conversation.removed_member': entry(
    'forbidden',
    'You were removed from the conversation and cannot come back by yourself.',
    'Ask an owner or admin to add you, or for an invitation made after the removal.',
  ),
  'conversation.idempotency_conflict': entry(
    'conflict',
    'This Idempotency-Key was used for another conversation.',
    'Use a new key for a new conversation.',
  ),
  'invitation.not_found': entry(
    'not_found',
    'There is no such invitation, or it no longer holds.',
    'Ask for a new one.',
  ),
  'invitation.expired': entry('precondition', 'The invitation has expired.', 'Ask for a new one.'),
  'invitation.used_up': entry('precondition', 'The invitation was used as often as it may be.', 'Ask for a new one.'),
  'contact.not_found': entry('not_found', 'The user is not among your contacts.', 'Reload your contacts.'),
  'contact.already': entry('already_exists', 'The user is a contact of yours.', 'Nothing.'),
  'contact.self': entry('invalid', 'You cannot do this to yourself.', 'Name another user.'),
  'contact.request_not_found': entry('not_found', 'There is no such request to you.', 'Reload the requests.'),
  'contact.request_over': entry(
    'precondition',
    'The request was answered or has expired.',
    'Reload the requests; ask yourself.',
  ),
  'contact.request_paused': entry(
    'rate_limited',
    'Your last request was declined a short while ago.',
    'Ask again after `retryAfterMs`.',
  ),
  'message.not_found': entry(
    'not_found',
    'There is no such message, or you may not see it.',
    'Reload the conversation.',
  ),
  'message.not_a_member': entry('forbidden', 'You are not a member of this conversation.', 'Join it first.'),
  'message.muted': entry('forbidden', 'You are muted in this conversation.', 'Wait until the mute ends.'),
  'message.admins_only': entry(
    'forbidden',
    'Only the owner and admins may send in this conversation.',
    'Wait until the conversation is opened to all members.',
  ),
  'message.blocked': entry(
    'forbidden',
    'The other person does not accept messages from you.',
    'Nothing; do not repeat.',
  ),
  'message.disbanded': entry('forbidden', 'The conversation was disbanded.', 'Its history stays readable.'),
  'message.idempotency_conflict': entry(
    'conflict',
    'This clientMsgId was used for another message.',
    'Use a new clientMsgId for a new message.',
  ),
  'message.not_the_sender': entry(
    'forbidden',
    'Only the sender (for a recall also owners and admins) may do this.',
    'Nothing.',
  ),
  'message.edit_window_over': entry('precondition', 'It is too late to edit this message.', 'Send a new one.'),
  'message.recall_window_over': entry(
    'precondition',
    'It is too late to recall this message.',
    'Ask an owner or admin of the conversation.',
  ),
  'message.recalled': entry('precondition', 'The message was recalled.', 'Send a new one.'),
  'message.type_mismatch': entry(
    'invalid',
    'The new content is not of the message’s type.',
    'Send content of the same type.',
  ),
  'message.mention_all_denied': entry(
    'forbidden',
    'Only owners and admins of a group or room may mention all.',
    'Name the users.',
  ),
  'message.reaction_limit': entry(
    'precondition',
    'The message has as many different reactions as a message may have.',
    'Use one of those that are there.',
  ),
  'message.pin_limit': entry(
    'precondition',
    'The conversation has as many pinned messages as it may have.',
    'Unpin another one first.',
  ),
  'search.off': entry(
    'precondition',
    'This server keeps no search index.',
    'Nothing; whoever runs it can switch it on.',
  ),
  'file.not_found': entry('not_found', 'There is no such file, or you may not see it.', 'Reload the message.'),
  'file.not_ready': entry('precondition', 'The upload of the file is not complete.', 'Complete it first.'),
  'file.not_uploaded': entry(
    'precondition',
    'The bytes are not there yet, or not all of them.',
    'Send them to the URLs of the ticket, then complete. Announcing again with the same Idempotency-Key tells which parts are missing.',
  ),
  'file.too_large': entry('too_large', 'The file is larger than files may be.', 'Send a smaller one.'),
  'file.quota_exceeded': entry(
    'precondition',
    'Your files take all the space you have.',
    'Delete some, or ask an administrator.',
  ),
  'file.idempotency_conflict': entry(
    'conflict',
    'This Idempotency-Key was used for another file.',
    'Use a new key for a new file.',
  ),
  'file.size_mismatch': entry(
    'invalid',
    'The upload has another size than was announced.',
    'Announce the file again with its true size.',
  ),
  'file.hash_mismatch': entry(
    'invalid',
    'The upload has another SHA-256 than was announced.',
    'It was damaged on the way, or changed: announce it again.',
  ),
  'file.type_mismatch': entry(
    'invalid',
    'The content is not of the announced type.',
    'Announce it with its true type, or as application/octet-stream.',
  ),
  'file.image_too_large': entry(
    'too_large',
    'The image has more pixels than images may have.',
    'Send a smaller one, or send it as application/octet-stream.',
  ),
  'file.no_thumbnail': entry(
    'precondition',
    'No thumbnail can be made of this file.',
    'It is no image, or a broken or very large one: show a symbol, and offer the download.',
  ),
  'file.not_an_image': entry('invalid', 'An avatar has to be an image.', 'Choose a picture.'),
  'file.link_invalid': entry('forbidden', 'The link was changed or has expired.', 'Ask for a new ticket or download.'),
  'file.already_uploaded': entry(
    'conflict',
    'The ticket was used, or the file was deleted.',
    'Complete the file, or announce a new one.',
  ),
  'call.not_found': entry('not_found', 'There is no such call, or you are not part of it.', 'Reload your calls.'),
  'call.not_allowed': entry(
    'forbidden',
    'You may not send in this conversation, or your part in the call does not allow this.',
    'Nothing; do not repeat.',
  ),
  'call.callee_not_found': entry(
    'not_found',
    'The one to call is not a member of the conversation.',
    'Name another member.',
  ),
  'call.already_in_call': entry('conflict', 'You are in another call.', 'End that one first.'),
  'call.group_not_supported': entry(
    'precondition',
    'Calls with more than two people are not supported yet.',
    'Call one person.',
  ),
  'call.ended': entry('precondition', 'The call has ended.', 'Start a new one.'),
  'call.answered_elsewhere': entry('conflict', 'Another device of yours has the call.', 'Stop ringing; go on there.'),
} as const satisfies Record<string, ErrorCode>;

export type ErrorCodeName = keyof typeof ERROR_CODES;
