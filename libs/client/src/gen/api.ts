/* eslint-disable */
// Made by `npm run gen` from libs/contracts/src/public: never edit it here.

/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "__schema0".
 */
export type _Schema0 =
  | string
  | number
  | boolean
  | null
  | _Schema0[]
  | {
      [k: string]: _Schema0;
    };

export interface PublicSurface {
  Operations: {
    /**
     * Users with their roles: newest first, or by the beginning of a name, or by id
     */
    'GET /admin/users': {
      query: {
        cursor?: string;
        limit?: string;
        q?: string;
      };
      response: {
        items: User[];
        nextCursor?: string;
      };
    };
    /**
     * Ends all sessions of somebody; they may log in again
     */
    'DELETE /admin/users/{userId}/sessions': {
      params: {
        userId: string;
      };
    };
    /**
     * Every role that a rule names, with its members and the roles that it includes
     */
    'GET /admin/roles': {
      response: {
        items: {
          role: string;
          members: string[];
          includes: string[];
        }[];
        nextCursor?: string;
      };
    };
    /**
     * Gives somebody a role; in force at once, without a new token
     */
    'PUT /admin/roles/{role}/members/{userId}': {
      params: {
        role: string;
        userId: string;
      };
      response: {
        version: number;
      };
    };
    /**
     * Takes a role away; in force at once
     */
    'DELETE /admin/roles/{role}/members/{userId}': {
      params: {
        role: string;
        userId: string;
      };
      response: {
        version: number;
      };
    };
    /**
     * All rules with their version
     */
    'GET /admin/policies': {
      response: {
        version: number;
        items: {
          ptype: 'p' | 'g';
          /**
           * @minItems 2
           * @maxItems 4
           */
          values: string[];
        }[];
      };
    };
    /**
     * Adds rules; answered when every gateway enforces them. Deny wins over allow
     */
    'POST /admin/policies': {
      body: {
        /**
         * @minItems 1
         * @maxItems 100
         */
        rules: {
          ptype: 'p' | 'g';
          /**
           * @minItems 2
           * @maxItems 4
           */
          values: string[];
        }[];
      };
      response: {
        version: number;
      };
    };
    /**
     * Removes rules; answered when no gateway enforces them
     */
    'DELETE /admin/policies': {
      body: {
        /**
         * @minItems 1
         * @maxItems 100
         */
        rules: {
          ptype: 'p' | 'g';
          /**
           * @minItems 2
           * @maxItems 4
           */
          values: string[];
        }[];
      };
      response: {
        version: number;
      };
    };
    /**
     * Whether a user or role would be allowed an action (method, or EMIT) on an object (path, or /socket/<event>), and why
     */
    'GET /admin/policies/check': {
      query: {
        subject: string;
        object: string;
        action: string;
      };
      response: {
        allowed: boolean;
        rule?: {
          ptype: 'p' | 'g';
          /**
           * @minItems 2
           * @maxItems 4
           */
          values: string[];
        };
        roles: string[];
        banned: boolean;
        version: number;
      };
    };
    /**
     * Bans, newest first; ended ones too
     */
    'GET /admin/bans': {
      query: {
        cursor?: string;
        limit?: string;
      };
      response: {
        items: Ban[];
        nextCursor?: string;
      };
    };
    /**
     * Bans a user or an address; answered when sockets are closed and every gateway refuses them
     */
    'POST /admin/bans': {
      body: {
        kind: 'user' | 'address';
        value: string;
        reason?: string;
        until?: string;
      };
      response: {
        version: number;
      };
    };
    /**
     * Lifts a ban
     */
    'DELETE /admin/bans/{kind}/{value}': {
      params: {
        kind: 'user' | 'address';
        value: string;
      };
    };
    /**
     * Who changed what, newest first
     */
    'GET /admin/audit': {
      query: {
        cursor?: string;
        limit?: string;
      };
      response: {
        items: AuditEntry[];
        nextCursor?: string;
      };
    };
    /**
     * What runs, and how far behind the consumers of the event log are
     */
    'GET /admin/system': {
      response: {
        version: string;
        nodeVersion: string;
        startedAt: string;
        memoryBytes: number;
        policyVersion: number;
        sockets: number;
        /**
         * The processes of all services; empty where one process is all
         */
        instances: {
          service: string;
          instance: string;
          address: string;
          zone: string;
        }[];
        lag: {
          group: string;
          topic: string;
          records: number;
        }[];
      };
    };
    /**
     * A new account, logged in
     */
    'POST /auth/register': {
      body: {
        username: string;
        password: string;
        displayName?: string;
        device?: {
          deviceId?: string;
          name?: string;
          platform?: string;
        };
      };
      response: Opened;
    };
    /**
     * Opens a session
     */
    'POST /auth/login': {
      body: {
        username: string;
        password: string;
        device?: {
          deviceId?: string;
          name?: string;
          platform?: string;
        };
      };
      response: Opened;
    };
    /**
     * A guest: no username, no password, fewer permissions
     */
    'POST /auth/guest': {
      body: {
        displayName?: string;
        device?: {
          deviceId?: string;
          name?: string;
          platform?: string;
        };
      };
      response: Opened;
    };
    /**
     * Makes the guest a user with the same id, conversations and session
     */
    'POST /auth/guest/upgrade': {
      body: {
        username: string;
        password: string;
      };
      response: Opened;
    };
    /**
     * New tokens for a refresh token; the old one stays good until the new one is used
     */
    'POST /auth/refresh': {
      body: {
        refreshToken: string;
        deviceId?: string;
      };
      response: Opened;
    };
    /**
     * Ends this session, or all of mine, and closes their sockets before it answers
     */
    'POST /auth/logout': {
      body: {
        everywhere?: boolean;
      };
    };
    /**
     * For other services: whether an access token is good at this moment, and whom it names
     */
    'POST /auth/verify': {
      body: {
        token: string;
      };
      response: {
        active: boolean;
        userId?: string;
        sessionId?: string;
        deviceId?: string;
        roles?: string[];
        expiresAt?: string;
      };
    };
    /**
     * Public keys of access tokens (RFC 7517)
     */
    'GET /.well-known/jwks.json': {
      response: {
        keys: {
          [k: string]: unknown;
        }[];
      };
    };
    /**
     * STUN and TURN servers for RTCPeerConnection; the credentials are mine and end after ttlSeconds
     */
    'GET /calls/ice-servers': {
      response: {
        iceServers: IceServer[];
        ttlSeconds: number;
      };
    };
    /**
     * My calls, newest first; with active=true those that have not ended
     */
    'GET /calls': {
      query: {
        cursor?: string;
        limit?: string;
        active?: 'true' | 'false';
      };
      response: {
        items: Call[];
        nextCursor?: string;
      };
    };
    /**
     * One call that I am or was part of
     */
    'GET /calls/{callId}': {
      params: {
        callId: string;
      };
      response: Call;
    };
    /**
     * My contacts
     */
    'GET /contacts': {
      query: {
        cursor?: string;
        limit?: string;
      };
      response: {
        items: Contact[];
        nextCursor?: string;
      };
    };
    /**
     * My remark and tags for a contact; only I see them
     */
    'PATCH /contacts/{userId}': {
      params: {
        userId: string;
      };
      body: {
        remark?: string;
        /**
         * @maxItems 20
         */
        tags?: string[];
      };
      response: Contact;
    };
    /**
     * Ends the contact on both sides; the conversation stays
     */
    'DELETE /contacts/{userId}': {
      params: {
        userId: string;
      };
    };
    /**
     * Requests to me (in, the default) or by me (out), newest first
     */
    'GET /contacts/requests': {
      query: {
        cursor?: string;
        limit?: string;
        direction?: 'in' | 'out';
      };
      response: {
        items: ContactRequest[];
        nextCursor?: string;
      };
    };
    /**
     * Asks for contact. A request of the other side that waits is accepted by it; a repeat answers the one that waits
     */
    'POST /contacts/requests': {
      body: {
        userId: string;
        greeting?: string;
      };
      response: ContactRequest;
    };
    /**
     * Accepts a request to me
     */
    'POST /contacts/requests/{requestId}/accept': {
      params: {
        requestId: string;
      };
      response: ContactRequest;
    };
    /**
     * Declines a request to me; the other may ask again after a pause
     */
    'POST /contacts/requests/{requestId}/decline': {
      params: {
        requestId: string;
      };
      response: ContactRequest;
    };
    /**
     * Whom I block
     */
    'GET /blocks': {
      query: {
        cursor?: string;
        limit?: string;
      };
      response: {
        items: Person[];
        nextCursor?: string;
      };
    };
    /**
     * Blocks a user: no direct messages, requests, invitations or presence. A contact stays one
     */
    'PUT /blocks/{userId}': {
      params: {
        userId: string;
      };
    };
    /**
     * Ends a block
     */
    'DELETE /blocks/{userId}': {
      params: {
        userId: string;
      };
    };
    /**
     * My conversations, latest activity first
     */
    'GET /conversations': {
      query: {
        cursor?: string;
        limit?: string;
      };
      response: {
        items: Conversation[];
        nextCursor?: string;
      };
    };
    /**
     * Creates a group or a room. Users who cannot be added are named in refusedUserIds
     */
    'POST /conversations': {
      body: {
        kind: 'group' | 'room';
        title: string;
        description?: string;
        /**
         * @maxItems 1000
         */
        memberIds?: string[];
        joinPolicy?: 'open' | 'invitation' | 'closed';
        historyBeforeJoin?: boolean;
      };
      response: {
        conversationId: string;
        kind: 'direct' | 'group' | 'room' | 'self';
        title: string;
        description: string;
        avatarFileId?: string;
        ownerId?: string;
        joinPolicy: 'open' | 'invitation' | 'closed';
        sendPolicy: 'members' | 'admins';
        historyBeforeJoin: boolean;
        memberCount: number;
        announcement?: {
          text: string;
          authorId: string;
          updatedAt: string;
        };
        createdAt: string;
        disbanded: boolean;
        tier: Tier;
        peer?: Person;
        headSeq: number;
        epoch: string;
        lastMessage?: Message;
        lastActivityAt: string;
        role?: 'owner' | 'admin' | 'member';
        readSeq: number;
        deliveredSeq: number;
        unreadCount: number;
        mentionCount: number;
        joinedSeq: number;
        mutedUntil?: string;
        settings: {
          muted: boolean;
          pinned: boolean;
          archived: boolean;
        };
        cursors?: {
          userId: string;
          deliveredSeq: number;
          readSeq: number;
        }[];
        refusedUserIds: string[];
      };
    };
    /**
     * My direct conversation with a user, made when there is none. With my own id: notes to myself
     */
    'PUT /conversations/direct/{userId}': {
      params: {
        userId: string;
      };
      response: Conversation;
    };
    /**
     * One of my conversations
     */
    'GET /conversations/{conversationId}': {
      params: {
        conversationId: string;
      };
      response: Conversation;
    };
    /**
     * Changes title, avatar, description, join policy or who may send (owner, admins)
     */
    'PATCH /conversations/{conversationId}': {
      params: {
        conversationId: string;
      };
      body: {
        title?: string;
        avatarFileId?: string | null;
        description?: string;
        joinPolicy?: 'open' | 'invitation' | 'closed';
        sendPolicy?: 'members' | 'admins';
      };
      response: Conversation;
    };
    /**
     * Ends a group or room for everyone (owner); members keep its history
     */
    'DELETE /conversations/{conversationId}': {
      params: {
        conversationId: string;
      };
    };
    /**
     * Leaves. An owner hands over to the oldest admin, else the oldest member; the last one out disbands it
     */
    'POST /conversations/{conversationId}/leave': {
      params: {
        conversationId: string;
      };
    };
    /**
     * Joins an open room or group; a repeat changes nothing. Who was removed must be let in again
     */
    'POST /conversations/{conversationId}/join': {
      params: {
        conversationId: string;
      };
      response: Conversation;
    };
    /**
     * Rooms that everyone may join; the one with the id `world` is always there and first
     */
    'GET /rooms': {
      query: {
        cursor?: string;
        limit?: string;
      };
      response: {
        items: Room[];
        nextCursor?: string;
      };
    };
    /**
     * Announces a file: answers where its bytes go, `upload` for one piece, `multipart` for a large one. Then upload, then complete. To go on after a break or an expiry repeat it with the same Idempotency-Key: the answer has new URLs for what is missing
     */
    'POST /files': {
      body: {
        name: string;
        size: number;
        contentType: string;
        sha256?: string;
        conversationId?: string;
      };
      response: {
        file: File;
        upload?: UploadTicket;
        multipart?: MultipartTicket;
      };
    };
    /**
     * Joins the parts and has the upload checked: size, hash, type by content, pixels. A repeat answers as the first did
     */
    'POST /files/{fileId}/complete': {
      params: {
        fileId: string;
      };
      response: File;
    };
    /**
     * What is known about a file of mine, or one that was sent where I can see it
     */
    'GET /files/{fileId}': {
      params: {
        fileId: string;
      };
      response: File;
    };
    /**
     * Redirects (302) to a short-lived URL that answers as an attachment; with `as=json` answers that URL as data
     */
    'GET /files/{fileId}/download': {
      params: {
        fileId: string;
      };
      query: {
        as?: 'json';
      };
      response: {
        url: string;
        expiresAt: string;
      };
    };
    /**
     * Redirects (302) to a short-lived URL of a webp of the image, turned the way it is shown and without metadata; with `as=json` answers that URL as data. Of moving images the first frame
     */
    'GET /files/{fileId}/thumbnail': {
      params: {
        fileId: string;
      };
      query: {
        size?: string;
        as?: 'json';
      };
      response: {
        url: string;
        expiresAt: string;
      };
    };
    /**
     * Deletes a file of mine for everybody; messages that name it stay
     */
    'DELETE /files/{fileId}': {
      params: {
        fileId: string;
      };
    };
    /**
     * Members: owner, admins, then the others by the time they joined. With `q`, at most `limit` of those whose nickname, username or a word of whose display name begins so, on one page
     */
    'GET /conversations/{conversationId}/members': {
      params: {
        conversationId: string;
      };
      query: {
        cursor?: string;
        limit?: string;
        q?: string;
      };
      response: {
        items: Member[];
        nextCursor?: string;
      };
    };
    /**
     * One member
     */
    'GET /conversations/{conversationId}/members/{userId}': {
      params: {
        conversationId: string;
        userId: string;
      };
      response: Member;
    };
    /**
     * Adds users (owner, admins; in an open conversation every member). Those who cannot be added are named
     */
    'POST /conversations/{conversationId}/members': {
      params: {
        conversationId: string;
      };
      body: {
        /**
         * @minItems 1
         * @maxItems 1000
         */
        userIds: string[];
      };
      response: {
        items: Member[];
        refusedUserIds: string[];
      };
    };
    /**
     * Role (owner only; `owner` hands over), mute, nickname (also one’s own)
     */
    'PATCH /conversations/{conversationId}/members/{userId}': {
      params: {
        conversationId: string;
        userId: string;
      };
      body: {
        role?: 'owner' | 'admin' | 'member';
        mutedUntil?: string | null;
        nickname?: string;
      };
      response: Member;
    };
    /**
     * Removes a member of a lower role; answered when nothing more reaches them
     */
    'DELETE /conversations/{conversationId}/members/{userId}': {
      params: {
        conversationId: string;
        userId: string;
      };
    };
    /**
     * My own settings of a conversation; fields not named stay
     */
    'PUT /conversations/{conversationId}/me': {
      params: {
        conversationId: string;
      };
      body: {
        muted?: boolean;
        pinned?: boolean;
        archived?: boolean;
      };
      response: {
        muted: boolean;
        pinned: boolean;
        archived: boolean;
      };
    };
    /**
     * Sets the announcement (owner, admins); an empty text takes it away
     */
    'PUT /conversations/{conversationId}/announcement': {
      params: {
        conversationId: string;
      };
      body: {
        text: string;
      };
      response: {
        text: string;
        authorId: string;
        updatedAt: string;
      };
    };
    /**
     * Invitations that still work: all for owner and admins, their own for members
     */
    'GET /conversations/{conversationId}/invitations': {
      params: {
        conversationId: string;
      };
      response: {
        items: Invitation[];
      };
    };
    /**
     * Makes an invitation (owner, admins; in an open conversation every member)
     */
    'POST /conversations/{conversationId}/invitations': {
      params: {
        conversationId: string;
      };
      body: {
        ttlSeconds?: number;
        maxUses?: number;
      };
      response: Invitation;
    };
    /**
     * Ends an invitation (owner, admins, its maker)
     */
    'DELETE /conversations/{conversationId}/invitations/{code}': {
      params: {
        conversationId: string;
        code: string;
      };
    };
    /**
     * What an invitation leads to; refused as accepting it would be
     */
    'GET /invitations/{code}': {
      params: {
        code: string;
      };
      response: InvitationPreview;
    };
    /**
     * Joins by an invitation; who is a member already uses none up
     */
    'POST /invitations/{code}/accept': {
      params: {
        code: string;
      };
      response: Conversation;
    };
    /**
     * Reacts to a message with one emoji (percent-encoded); by those who may send
     */
    'PUT /conversations/{conversationId}/messages/{messageId}/reactions/{emoji}': {
      params: {
        conversationId: string;
        messageId: string;
        /**
         * Exactly one emoji of the set RGI (UTS #51); answers name it fully qualified, e.g. ❤️ for ❤
         */
        emoji: string;
      };
      response: Message;
    };
    /**
     * Takes my reaction back
     */
    'DELETE /conversations/{conversationId}/messages/{messageId}/reactions/{emoji}': {
      params: {
        conversationId: string;
        messageId: string;
        /**
         * Exactly one emoji of the set RGI (UTS #51); answers name it fully qualified, e.g. ❤️ for ❤
         */
        emoji: string;
      };
      response: Message;
    };
    /**
     * Pins a message for everybody: by owners and admins of groups and rooms, by both in a direct conversation
     */
    'PUT /conversations/{conversationId}/messages/{messageId}/pin': {
      params: {
        conversationId: string;
        messageId: string;
      };
      response: Message;
    };
    /**
     * Takes the pin off a message
     */
    'DELETE /conversations/{conversationId}/messages/{messageId}/pin': {
      params: {
        conversationId: string;
        messageId: string;
      };
      response: Message;
    };
    /**
     * The pinned messages, newest pin first; at most 50
     */
    'GET /conversations/{conversationId}/pins': {
      params: {
        conversationId: string;
      };
      response: {
        items: Message[];
      };
    };
    /**
     * A page of messages in their current state: newest first (beforeSeq, the default), oldest first (afterSeq; at: from the first message at or after a time), or those named (messageIds, at most 50; what you may not see is left out)
     */
    'GET /conversations/{conversationId}/messages': {
      params: {
        conversationId: string;
      };
      query: {
        beforeSeq?: string;
        afterSeq?: string;
        at?: string;
        messageIds?: string | string[];
        limit?: string;
      };
      response: {
        items: Message[];
        hasMore: boolean;
      };
    };
    /**
     * Sends a message; the answer means committed. A repeat with the same clientMsgId answers the first answer
     */
    'POST /conversations/{conversationId}/messages': {
      params: {
        conversationId: string;
      };
      body:
        | {
            clientMsgId: string;
            type: 'text';
            content: {
              text: string;
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            clientMsgId: string;
            type: 'image';
            content: {
              fileId: string;
              caption?: string;
              width: number;
              height: number;
              blurhash?: string;
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            clientMsgId: string;
            type: 'file';
            content: {
              fileId: string;
              caption?: string;
              name: string;
              size: number;
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            clientMsgId: string;
            type: 'audio';
            content: {
              fileId: string;
              caption?: string;
              durationMs: number;
              /**
               * @maxItems 200
               */
              waveform?: number[];
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            clientMsgId: string;
            type: 'video';
            content: {
              fileId: string;
              caption?: string;
              durationMs: number;
              width: number;
              height: number;
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            clientMsgId: string;
            type: 'location';
            content: {
              lat: number;
              lon: number;
              title?: string;
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            clientMsgId: string;
            type: 'contact';
            content: {
              userId: string;
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            clientMsgId: string;
            type: 'merged';
            content: {
              title: string;
              /**
               * @minItems 1
               * @maxItems 100
               */
              items: {
                senderName: string;
                sentAt: string;
                type: string;
                text: string;
              }[];
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            clientMsgId: string;
            type: 'custom';
            content: {
              kind: string;
              data: unknown;
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          };
      response: {
        messageId: string;
        seq: number;
        sentAt: string;
      };
    };
    /**
     * One message in its current state
     */
    'GET /conversations/{conversationId}/messages/{messageId}': {
      params: {
        conversationId: string;
        messageId: string;
      };
      response: Message;
    };
    /**
     * Replaces the content, and the mentions where they are named; by the sender, within 24 h
     */
    'PATCH /conversations/{conversationId}/messages/{messageId}': {
      params: {
        conversationId: string;
        messageId: string;
      };
      body: {
        content:
          | {
              text: string;
            }
          | {
              kind: string;
              data: unknown;
            }
          | {
              lat: number;
              lon: number;
              title?: string;
            }
          | {
              fileId: string;
              caption?: string;
              width: number;
              height: number;
              blurhash?: string;
            }
          | {
              fileId: string;
              caption?: string;
              name: string;
              size: number;
            }
          | {
              fileId: string;
              caption?: string;
              durationMs: number;
              /**
               * @maxItems 200
               */
              waveform?: number[];
            }
          | {
              fileId: string;
              caption?: string;
              durationMs: number;
              width: number;
              height: number;
            };
        /**
         * User ids; `all` means every member, and is for owners and admins of groups and rooms
         *
         * @maxItems 50
         */
        mentions?: string[];
      };
      response: Message;
    };
    /**
     * Takes a message back for everybody: by the sender within 2 min, by owners and admins of the conversation always
     */
    'POST /conversations/{conversationId}/messages/{messageId}/recall': {
      params: {
        conversationId: string;
        messageId: string;
      };
      response: Message;
    };
    /**
     * Hides a message from me, on all my devices
     */
    'DELETE /conversations/{conversationId}/messages/{messageId}': {
      params: {
        conversationId: string;
        messageId: string;
      };
    };
    /**
     * Who has received and read a message
     */
    'GET /conversations/{conversationId}/messages/{messageId}/receipts': {
      params: {
        conversationId: string;
        messageId: string;
      };
      response: {
        deliveredCount: number;
        readCount: number;
        items: {
          userId: string;
          deliveredSeq: number;
          readSeq: number;
        }[];
      };
    };
    /**
     * Moves my read (and delivered) cursor forward
     */
    'PUT /conversations/{conversationId}/cursor': {
      params: {
        conversationId: string;
      };
      body: {
        readSeq?: number;
        deliveredSeq?: number;
      };
      response: {
        deliveredSeq: number;
        readSeq: number;
        unreadCount: number;
      };
    };
    /**
     * The conversation’s log, oldest first. What I deleted for myself keeps its place: data is then {messageId, messageSeq, hidden: true}
     */
    'GET /conversations/{conversationId}/events': {
      params: {
        conversationId: string;
      };
      query: {
        afterSeq?: string;
        limit?: string;
      };
      response: {
        epoch: string;
        headSeq: number;
        items: ConversationEvent[];
      };
    };
    /**
     * Who is online; users whose presence I may not see are left out
     */
    'GET /presence': {
      query: {
        userIds: string | string[];
      };
      response: {
        items: Presence[];
      };
    };
    /**
     * Messages of my conversations by what is in them, newest first. A page may be short or empty and still have a nextCursor
     */
    'GET /search/messages': {
      query: {
        /**
         * Words in any order, the last one may be unfinished; "quoted" ones have to follow each other
         */
        q?: string;
        conversationId?: string;
        senderId?: string;
        type?: 'text' | 'image' | 'file' | 'audio' | 'video' | 'location' | 'contact' | 'merged' | 'custom';
        /**
         * Sent then or later
         */
        from?: string;
        /**
         * Sent then or earlier
         */
        to?: string;
        cursor?: string;
        limit?: string;
      };
      response: {
        items: FoundMessage[];
        nextCursor?: string;
      };
    };
    /**
     * Myself, with my roles
     */
    'GET /users/me': {
      response: User;
    };
    /**
     * Changes my display name or avatar; null takes the avatar away
     */
    'PATCH /users/me': {
      body: {
        displayName?: string;
        avatarFileId?: string | null;
      };
      response: User;
    };
    /**
     * Deletes my account for good: sessions end, name and password are gone, messages stay without a name
     */
    'DELETE /users/me': {};
    /**
     * Changes my password; all my other sessions end
     */
    'PUT /users/me/password': {
      body: {
        current: string;
        next: string;
      };
    };
    /**
     * With `q`, users whose username, or a word of whose display name, begins so; letter case and width do not count. With `ids`, just these on one page, those that exist: names for many messages at once. One of the two
     */
    'GET /users': {
      query: {
        cursor?: string;
        limit?: string;
        q?: string;
        ids?: string | string[];
      };
      response: {
        items: User[];
        nextCursor?: string;
      };
    };
    /**
     * One user
     */
    'GET /users/{userId}': {
      params: {
        userId: string;
      };
      response: User;
    };
    /**
     * Where I am logged in
     */
    'GET /users/me/sessions': {
      response: {
        items: Session[];
        nextCursor?: string;
      };
    };
    /**
     * Ends one of my sessions and closes its sockets
     */
    'DELETE /users/me/sessions/{sessionId}': {
      params: {
        sessionId: string;
      };
    };
  };
  Commands: {
    /**
     * Rings the other of a direct conversation, or one named member. When they are calling me right now, this accepts their call
     */
    'call:invite': {
      input: {
        conversationId: string;
        /**
         * @minItems 1
         * @maxItems 100
         */
        calleeIds?: string[];
        /**
         * @minItems 1
         * @maxItems 2
         */
        media: ('audio' | 'video')[];
      };
      output: {
        call: Call;
      };
    };
    /**
     * This device rings
     */
    'call:ringing': {
      input: {
        callId: string;
        reason?: string;
      };
      output: {
        call: Call;
      };
    };
    /**
     * Takes the call on this device; my other devices stop ringing. One device wins
     */
    'call:accept': {
      input: {
        callId: string;
        reason?: string;
      };
      output: {
        call: Call;
      };
    };
    /**
     * Declines on all my devices; reason `busy` makes the outcome busy
     */
    'call:reject': {
      input: {
        callId: string;
        reason?: string;
      };
      output: {
        call: Call;
      };
    };
    /**
     * Takes my call back; when it was accepted a moment ago, hangs up
     */
    'call:cancel': {
      input: {
        callId: string;
        reason?: string;
      };
      output: {
        call: Call;
      };
    };
    /**
     * Ends the call; reason `failed` makes the outcome failed
     */
    'call:hangup': {
      input: {
        callId: string;
        reason?: string;
      };
      output: {
        call: Call;
      };
    };
    /**
     * Passes something on to the other’s device, unchanged and in order. Before the call is accepted only the caller may, to all devices that ring
     */
    'call:signal': {
      input: {
        callId: string;
        kind: 'offer' | 'answer' | 'candidate' | 'end-of-candidates' | 'media';
        data: unknown;
        toUserId: string;
        toDeviceId?: string;
      };
      output: {};
    };
    /**
     * Sends a message; the ack means committed
     */
    'message:send': {
      input:
        | {
            conversationId: string;
            clientMsgId: string;
            type: 'text';
            content: {
              text: string;
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            conversationId: string;
            clientMsgId: string;
            type: 'image';
            content: {
              fileId: string;
              caption?: string;
              width: number;
              height: number;
              blurhash?: string;
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            conversationId: string;
            clientMsgId: string;
            type: 'file';
            content: {
              fileId: string;
              caption?: string;
              name: string;
              size: number;
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            conversationId: string;
            clientMsgId: string;
            type: 'audio';
            content: {
              fileId: string;
              caption?: string;
              durationMs: number;
              /**
               * @maxItems 200
               */
              waveform?: number[];
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            conversationId: string;
            clientMsgId: string;
            type: 'video';
            content: {
              fileId: string;
              caption?: string;
              durationMs: number;
              width: number;
              height: number;
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            conversationId: string;
            clientMsgId: string;
            type: 'location';
            content: {
              lat: number;
              lon: number;
              title?: string;
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            conversationId: string;
            clientMsgId: string;
            type: 'contact';
            content: {
              userId: string;
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            conversationId: string;
            clientMsgId: string;
            type: 'merged';
            content: {
              title: string;
              /**
               * @minItems 1
               * @maxItems 100
               */
              items: {
                senderName: string;
                sentAt: string;
                type: string;
                text: string;
              }[];
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          }
        | {
            conversationId: string;
            clientMsgId: string;
            type: 'custom';
            content: {
              kind: string;
              data: unknown;
            };
            replyTo?: string;
            /**
             * User ids; `all` means every member, and is for owners and admins of groups and rooms
             *
             * @maxItems 50
             */
            mentions?: string[];
          };
      output: {
        messageId: string;
        seq: number;
        sentAt: string;
      };
    };
    /**
     * Replaces the content, and the mentions where they are named; by the sender, within 24 h
     */
    'message:edit': {
      input: {
        conversationId: string;
        messageId: string;
        content:
          | {
              text: string;
            }
          | {
              kind: string;
              data: unknown;
            }
          | {
              lat: number;
              lon: number;
              title?: string;
            }
          | {
              fileId: string;
              caption?: string;
              width: number;
              height: number;
              blurhash?: string;
            }
          | {
              fileId: string;
              caption?: string;
              name: string;
              size: number;
            }
          | {
              fileId: string;
              caption?: string;
              durationMs: number;
              /**
               * @maxItems 200
               */
              waveform?: number[];
            }
          | {
              fileId: string;
              caption?: string;
              durationMs: number;
              width: number;
              height: number;
            };
        /**
         * User ids; `all` means every member, and is for owners and admins of groups and rooms
         *
         * @maxItems 50
         */
        mentions?: string[];
      };
      output: Message;
    };
    /**
     * Takes a message back for everybody: by the sender within 2 min, by owners and admins of the conversation always
     */
    'message:recall': {
      input: {
        conversationId: string;
        messageId: string;
      };
      output: Message;
    };
    /**
     * Hides a message from me, on all my devices
     */
    'message:delete': {
      input: {
        conversationId: string;
        messageId: string;
      };
      output: {};
    };
    /**
     * I have read up to seq
     */
    'cursor:read': {
      input: {
        conversationId: string;
        seq: number;
      };
      output: {
        deliveredSeq: number;
        readSeq: number;
        unreadCount: number;
      };
    };
    /**
     * This device has received up to seq
     */
    'cursor:delivered': {
      input: {
        conversationId: string;
        seq: number;
      };
      output: {
        deliveredSeq: number;
        readSeq: number;
        unreadCount: number;
      };
    };
    /**
     * This large conversation or room is on the screen now
     */
    'conversation:subscribe': {
      input: {
        conversationId: string;
      };
      output: {};
    };
    /**
     * It is no longer on the screen
     */
    'conversation:unsubscribe': {
      input: {
        conversationId: string;
      };
      output: {};
    };
    /**
     * Reacts to a message with one emoji, or takes the reaction back
     */
    'message:react': {
      input: {
        conversationId: string;
        messageId: string;
        /**
         * Exactly one emoji of the set RGI (UTS #51); answers name it fully qualified, e.g. ❤️ for ❤
         */
        emoji: string;
        remove?: boolean;
      };
      output: Message;
    };
    /**
     * Pins a message for everybody: by owners and admins of groups and rooms, by both in a direct conversation
     */
    'message:pin': {
      input: {
        conversationId: string;
        messageId: string;
        pinned: boolean;
      };
      output: Message;
    };
    /**
     * Watches users until this session’s last socket closes. The ack has their states now; users I may not see are left out
     */
    'presence:subscribe': {
      input: {
        /**
         * @minItems 1
         * @maxItems 500
         */
        userIds: string[];
      };
      output: {
        items: Presence[];
      };
    };
    /**
     * Watches these users no longer
     */
    'presence:unsubscribe': {
      input: {
        /**
         * @minItems 1
         * @maxItems 500
         */
        userIds: string[];
      };
      output: {};
    };
    /**
     * I am typing. Shown to the other members, never stored; send it again while it goes on (repeats within 1 s are dropped) and `stopped` at the end
     */
    typing: {
      input: {
        conversationId: string;
        state: 'typing' | 'recording' | 'stopped';
      };
      output: {};
    };
    /**
     * Everything this device missed, in pages: name the heads you have (on every page), or the nextCursor of your last sync; go on with nextCursor until caughtUp. `resets`: load these anew. `removed`: you are no longer in these
     */
    sync: {
      input: {
        cursor?: string;
        /**
         * @maxItems 1000
         */
        heads?: {
          conversationId: string;
          seq: number;
          epoch: string;
          /**
           * `at` of your event at `seq`: shows a log that was put back to a backup, also when it has grown past you
           */
          at?: string;
        }[];
        limit?: number;
      };
      output: {
        conversations: Conversation[];
        events: {
          conversationId: string;
          epoch: string;
          events: ConversationEvent[];
        }[];
        resets: string[];
        removed: string[];
        /**
         * Messages that you deleted for yourself since; some may be told twice
         */
        hidden: {
          conversationId: string;
          messageSeq: number;
          messageId: string;
        }[];
        nextCursor: string;
        caughtUp: boolean;
      };
    };
    /**
     * The socket goes on with a new access token of the same session
     */
    'token:refresh': {
      input: {
        token: string;
      };
      output: {
        expiresAt: string;
      };
    };
  };
  Events: {
    /**
     * Somebody calls me: ring, and say call:ringing. Comes again until a device of mine says so; known by its callId
     */
    'call:incoming': {
      call: Call;
    };
    /**
     * A call of mine changed; the whole call
     */
    'call:changed': {
      call: Call;
    };
    /**
     * Something from the other’s device, as it was sent
     */
    'call:signal': {
      callId: string;
      fromUserId: string;
      fromDeviceId: string;
      kind: 'offer' | 'answer' | 'candidate' | 'end-of-candidates' | 'media';
      data: _Schema0;
    };
    /**
     * My contacts, requests or blocks changed; `userId` is the other side. `request` and `contact` are as in my lists, without `user`
     */
    'contact:changed': {
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
      userId: string;
      request?: {
        requestId: string;
        fromUserId: string;
        toUserId: string;
        greeting: string;
        state: 'pending' | 'accepted' | 'declined' | 'expired';
        createdAt: string;
        expiresAt: string;
        answeredAt?: string;
      };
      contact?: {
        userId: string;
        remark: string;
        tags: string[];
        addedAt: string;
      };
    };
    /**
     * I am in a conversation that I was not in before: load it
     */
    'conversation:added': {
      conversationId: string;
      /**
       * Where in the log of the conversation this was. Older than what is known already: nothing to do
       */
      seq: number;
    };
    /**
     * I am no longer in a conversation: drop it
     */
    'conversation:removed': {
      conversationId: string;
      /**
       * Where in the log of the conversation this was. Older than what is known already: nothing to do
       */
      seq: number;
    };
    /**
     * I changed my settings of a conversation, on this or another device
     */
    'conversation:settings': {
      conversationId: string;
      settings: {
        muted: boolean;
        pinned: boolean;
        archived: boolean;
      };
    };
    /**
     * I deleted a message for myself on another device: it is gone here too. `sync` tells those that were missed
     */
    'message:deleted': {
      conversationId: string;
      messageId: string;
      seq: number;
    };
    /**
     * What was added to a conversation’s log, in seq order. A jump in seq means: ask sync from your last seq
     */
    'conversation:events': {
      conversationId: string;
      epoch: string;
      events: ConversationEvent[];
    };
    /**
     * A cursor moved: mine on another device, or another member’s
     */
    'cursor:changed': {
      conversationId: string;
      userId: string;
      readSeq?: number;
      deliveredSeq?: number;
    };
    'presence:changed': Presence1;
    /**
     * Another member types. Ends by itself: forget it after some seconds without a repeat
     */
    typing: {
      conversationId: string;
      userId: string;
      state: 'typing' | 'recording' | 'stopped';
    };
    /**
     * The server’s last word before it closes: why, and what to do next
     */
    'session:closing': {
      code: string;
      action: 'reconnect' | 'login' | 'stop';
      reconnectAfterMs?: number;
    };
    /**
     * Name, avatar or kind of somebody changed: of myself, or of a user whose presence I watch. `roles` are never in it
     */
    'user:changed': {
      user: User;
    };
  };
  ErrorCode:
    | 'auth.banned'
    | 'auth.invalid_credentials'
    | 'auth.not_a_guest'
    | 'auth.password_unacceptable'
    | 'auth.session_not_found'
    | 'auth.session_revoked'
    | 'auth.token_expired'
    | 'auth.token_invalid'
    | 'auth.token_missing'
    | 'auth.username_taken'
    | 'authz.denied'
    | 'call.already_in_call'
    | 'call.answered_elsewhere'
    | 'call.callee_not_found'
    | 'call.ended'
    | 'call.group_not_supported'
    | 'call.not_allowed'
    | 'call.not_found'
    | 'contact.already'
    | 'contact.not_found'
    | 'contact.request_not_found'
    | 'contact.request_over'
    | 'contact.request_paused'
    | 'contact.self'
    | 'conversation.disbanded'
    | 'conversation.fixed'
    | 'conversation.full'
    | 'conversation.idempotency_conflict'
    | 'conversation.member_not_found'
    | 'conversation.not_found'
    | 'conversation.removed_member'
    | 'conversation.role_too_low'
    | 'file.already_uploaded'
    | 'file.hash_mismatch'
    | 'file.idempotency_conflict'
    | 'file.image_too_large'
    | 'file.link_invalid'
    | 'file.no_thumbnail'
    | 'file.not_an_image'
    | 'file.not_found'
    | 'file.not_ready'
    | 'file.not_uploaded'
    | 'file.quota_exceeded'
    | 'file.size_mismatch'
    | 'file.too_large'
    | 'file.type_mismatch'
    | 'invitation.expired'
    | 'invitation.not_found'
    | 'invitation.used_up'
    | 'limit.rate'
    | 'limit.size'
    | 'limit.sockets'
    | 'message.admins_only'
    | 'message.blocked'
    | 'message.disbanded'
    | 'message.edit_window_over'
    | 'message.idempotency_conflict'
    | 'message.mention_all_denied'
    | 'message.muted'
    | 'message.not_a_member'
    | 'message.not_found'
    | 'message.not_the_sender'
    | 'message.pin_limit'
    | 'message.reaction_limit'
    | 'message.recall_window_over'
    | 'message.recalled'
    | 'message.type_mismatch'
    | 'policy.ban_not_found'
    | 'policy.not_found'
    | 'policy.would_lock_out'
    | 'request.invalid'
    | 'request.not_found'
    | 'request.unknown_event'
    | 'search.off'
    | 'server.busy'
    | 'server.draining'
    | 'server.internal'
    | 'server.unavailable'
    | 'user.not_found';
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "User".
 */
export interface User {
  userId: string;
  username?: string;
  displayName: string;
  kind: 'user' | 'guest';
  avatarFileId?: string;
  createdAt: string;
  deleted?: boolean;
  roles?: string[];
  mustChangePassword?: boolean;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "Ban".
 */
export interface Ban {
  kind: 'user' | 'address';
  value: string;
  reason: string;
  until?: string;
  createdAt: string;
  createdBy: string;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "AuditEntry".
 */
export interface AuditEntry {
  auditId: string;
  at: string;
  actorId: string;
  action: string;
  subject: string;
  details: {
    [k: string]: unknown;
  };
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "Opened".
 */
export interface Opened {
  user: User;
  session: Session;
  accessToken: string;
  accessTokenExpiresAt: string;
  refreshToken: string;
  refreshTokenExpiresAt: string;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "Session".
 */
export interface Session {
  sessionId: string;
  deviceId: string;
  deviceName?: string;
  platform?: string;
  createdAt: string;
  lastUsedAt: string;
  address?: string;
  current: boolean;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "IceServer".
 */
export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "Call".
 */
export interface Call {
  callId: string;
  conversationId: string;
  callerId: string;
  media: ('audio' | 'video')[];
  state: 'ringing' | 'connecting' | 'active' | 'ended';
  outcome?: 'completed' | 'missed' | 'rejected' | 'busy' | 'cancelled' | 'failed' | 'answered_elsewhere';
  reason?: string;
  participants: {
    userId: string;
    role: 'caller' | 'callee';
    state: 'invited' | 'ringing' | 'joined' | 'left';
    deviceId?: string;
    joinedAt?: string;
    leftAt?: string;
  }[];
  createdAt: string;
  ringsUntil?: string;
  answeredAt?: string;
  endedAt?: string;
  durationMs?: number;
  version: number;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "Contact".
 */
export interface Contact {
  userId: string;
  remark: string;
  tags: string[];
  addedAt: string;
  user?: Person;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "Person".
 */
export interface Person {
  userId: string;
  displayName?: string;
  avatarFileId?: string;
  kind?: 'user' | 'guest';
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "ContactRequest".
 */
export interface ContactRequest {
  requestId: string;
  fromUserId: string;
  toUserId: string;
  greeting: string;
  state: 'pending' | 'accepted' | 'declined' | 'expired';
  createdAt: string;
  expiresAt: string;
  answeredAt?: string;
  user?: Person;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "Conversation".
 */
export interface Conversation {
  conversationId: string;
  kind: 'direct' | 'group' | 'room' | 'self';
  title: string;
  description: string;
  avatarFileId?: string;
  ownerId?: string;
  joinPolicy: 'open' | 'invitation' | 'closed';
  sendPolicy: 'members' | 'admins';
  historyBeforeJoin: boolean;
  memberCount: number;
  announcement?: {
    text: string;
    authorId: string;
    updatedAt: string;
  };
  createdAt: string;
  disbanded: boolean;
  tier: Tier;
  peer?: Person;
  headSeq: number;
  epoch: string;
  lastMessage?: Message;
  lastActivityAt: string;
  role?: 'owner' | 'admin' | 'member';
  readSeq: number;
  deliveredSeq: number;
  unreadCount: number;
  mentionCount: number;
  joinedSeq: number;
  mutedUntil?: string;
  settings: {
    muted: boolean;
    pinned: boolean;
    archived: boolean;
  };
  cursors?: {
    userId: string;
    deliveredSeq: number;
    readSeq: number;
  }[];
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "Tier".
 */
export interface Tier {
  name: 'small' | 'large' | 'huge';
  receipts: 'member' | 'count' | 'off';
  typing: boolean;
  push: 'member' | 'subscribed';
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "Message".
 */
export interface Message {
  messageId: string;
  conversationId: string;
  seq: number;
  /**
   * `seq` of the last event that changed the message; its own where nothing did. Of two states the one with the higher number is newer
   */
  changedSeq: number;
  clientMsgId: string;
  senderId: string;
  type: string;
  content?: {
    [k: string]: unknown;
  };
  replyTo?: string;
  /**
   * User ids, and `all`
   */
  mentions?: string[];
  sentAt: string;
  editedAt?: string;
  recalledAt?: string;
  recalledBy?: string;
  pinnedAt?: string;
  pinnedBy?: string;
  /**
   * In the order of their first use; absent where there are none
   */
  reactions?: Reaction[];
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "Reaction".
 */
export interface Reaction {
  emoji: string;
  count: number;
  /**
   * Who reacted so, oldest first, at most 50; a place that gets free goes to the next who reacts
   */
  userIds: string[];
  /**
   * Whether you did. Absent in pushed events, which are the same for everybody
   */
  mine?: boolean;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "Room".
 */
export interface Room {
  conversationId: string;
  kind: 'direct' | 'group' | 'room' | 'self';
  title: string;
  description: string;
  avatarFileId?: string;
  ownerId?: string;
  joinPolicy: 'open' | 'invitation' | 'closed';
  sendPolicy: 'members' | 'admins';
  historyBeforeJoin: boolean;
  memberCount: number;
  announcement?: {
    text: string;
    authorId: string;
    updatedAt: string;
  };
  createdAt: string;
  disbanded: boolean;
  tier: Tier;
  role?: 'owner' | 'admin' | 'member';
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "File".
 */
export interface File {
  fileId: string;
  ownerId: string;
  name: string;
  size: number;
  contentType: string;
  sha256?: string;
  state: 'pending' | 'ready' | 'refused';
  createdAt: string;
  width?: number;
  height?: number;
  blurhash?: string;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "UploadTicket".
 */
export interface UploadTicket {
  method: 'PUT';
  url: string;
  headers: {
    [k: string]: string;
  };
  expiresAt: string;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "MultipartTicket".
 */
export interface MultipartTicket {
  partSize: number;
  parts: PartTicket[];
  uploaded: number[];
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "PartTicket".
 */
export interface PartTicket {
  method: 'PUT';
  url: string;
  headers: {
    [k: string]: string;
  };
  expiresAt: string;
  number: number;
  size: number;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "Member".
 */
export interface Member {
  userId: string;
  role: 'owner' | 'admin' | 'member';
  nickname: string;
  joinedAt: string;
  mutedUntil?: string;
  user?: Person;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "Invitation".
 */
export interface Invitation {
  code: string;
  conversationId: string;
  createdBy: string;
  expiresAt: string;
  maxUses: number;
  uses: number;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "InvitationPreview".
 */
export interface InvitationPreview {
  code: string;
  conversationId: string;
  kind: 'group' | 'room';
  title: string;
  description: string;
  avatarFileId?: string;
  memberCount: number;
  inviter: Person;
  expiresAt: string;
  alreadyMember: boolean;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "ConversationEvent".
 */
export interface ConversationEvent {
  seq: number;
  type: string;
  at: string;
  actorId: string;
  data: {
    [k: string]: unknown;
  };
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "Presence".
 */
export interface Presence {
  userId: string;
  online: boolean;
  lastSeenAt?: string;
}
/**
 * This interface was referenced by `PublicSurface`'s JSON-Schema
 * via the `definition` "FoundMessage".
 */
export interface FoundMessage {
  conversationId: string;
  message: Message;
  /**
   * A piece of the text as it was written, cut where `match` changes. Put together it is the piece
   */
  snippet: {
    text: string;
    match: boolean;
  }[];
}
/**
 * A watched user came online or went offline
 */
export interface Presence1 {
  userId: string;
  online: boolean;
  lastSeenAt?: string;
}
