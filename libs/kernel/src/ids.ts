/** A string that names one kind of thing, so that a user id cannot be passed where a conversation id belongs. */
export type Branded<B extends string> = string & { readonly __brand: B };

export type UserId = Branded<'UserId'>;
export type DeviceId = Branded<'DeviceId'>;
export type SessionId = Branded<'SessionId'>;
export type ConversationId = Branded<'ConversationId'>;
export type MessageId = Branded<'MessageId'>;
export type FileId = Branded<'FileId'>;
export type CallId = Branded<'CallId'>;
