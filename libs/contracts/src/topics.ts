/** Every topic, once: its key and what its value is. Names end in a past-tense fact and a version. */
export const TOPICS = {
  messageAppended: { name: 'parley.message.appended.v1', key: 'conversationId', value: 'parley.message.v1.Appended' },
  userChanged: { name: 'parley.identity.user-changed.v1', key: 'userId', value: 'parley.identity.v1.UserChanged' },
  sessionRevoked: {
    name: 'parley.identity.session-revoked.v1',
    key: 'userId',
    value: 'parley.identity.v1.SessionRevoked',
  },
  policyChanged: {
    name: 'parley.identity.policy-changed.v1',
    key: 'policy',
    value: 'parley.identity.v1.PolicyChanged',
  },
  contactChanged: {
    name: 'parley.conversation.contact-changed.v1',
    key: 'userId',
    value: 'parley.conversation.v1.ContactChanged',
  },
  fileReady: { name: 'parley.file.ready.v1', key: 'fileId', value: 'parley.file.v1.FileReady' },
  fileRemoved: { name: 'parley.file.removed.v1', key: 'fileId', value: 'parley.file.v1.FileRemoved' },
} as const;
