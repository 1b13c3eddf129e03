export interface Topic {
  /** `parley.<context>.<fact>.v1`: past tense, with a version. */
  name: string;
  /** What the record key is. Records of one key keep their order. */
  key: string;
  /** Protobuf message of the value. */
  value: string;
  /** Bounds how many processes of one group can share the work. A topic that exists keeps what it has: more partitions move keys, and order with them. */
  partitions: number;
  /** How long a group may be away and miss nothing. */
  retentionMs: number;
  /** Who consumes it. Each group has a topic of dead letters of its own. */
  groups: readonly string[];
}

const DAY_MS = 24 * 3_600_000;

/** Every topic, once. A group consumes one topic. */
export const TOPICS = {
  messageAppended: {
    name: 'parley.message.appended.v1',
    key: 'conversationId',
    value: 'parley.message.v1.Appended',
    partitions: 16,
    retentionMs: 3 * DAY_MS,
    groups: ['delivery.fan-out'],
  },
  userChanged: {
    name: 'parley.identity.user-changed.v1',
    key: 'userId',
    value: 'parley.identity.v1.UserChanged',
    partitions: 4,
    retentionMs: 7 * DAY_MS,
    groups: ['presence.profiles'],
  },
  sessionRevoked: {
    name: 'parley.identity.session-revoked.v1',
    key: 'userId',
    value: 'parley.identity.v1.SessionRevoked',
    partitions: 4,
    retentionMs: 7 * DAY_MS,
    groups: [],
  },
  policyChanged: {
    name: 'parley.identity.policy-changed.v1',
    key: 'policy',
    value: 'parley.identity.v1.PolicyChanged',
    partitions: 4,
    retentionMs: 7 * DAY_MS,
    groups: [],
  },
  contactChanged: {
    name: 'parley.conversation.contact-changed.v1',
    key: 'userId',
    value: 'parley.conversation.v1.ContactChanged',
    partitions: 4,
    retentionMs: 7 * DAY_MS,
    groups: ['delivery.contacts', 'presence.watches'],
  },
  settingsChanged: {
    name: 'parley.conversation.settings-changed.v1',
    key: 'userId',
    value: 'parley.conversation.v1.SettingsChanged',
    partitions: 4,
    retentionMs: 7 * DAY_MS,
    groups: ['delivery.settings'],
  },
  fileReady: {
    name: 'parley.file.ready.v1',
    key: 'fileId',
    value: 'parley.file.v1.FileReady',
    partitions: 4,
    retentionMs: 7 * DAY_MS,
    groups: [],
  },
  fileRemoved: {
    name: 'parley.file.removed.v1',
    key: 'fileId',
    value: 'parley.file.v1.FileRemoved',
    partitions: 4,
    retentionMs: 7 * DAY_MS,
    groups: [],
  },
} as const satisfies Record<string, Topic>;

/** Where a group's dead letters are. */
export function deadLetterTopic(topic: string, group: string): string {
  return `${topic}.${group}.dlq`;
}

/** What an engine needs to know to make a topic. */
export interface TopicPlan {
  name: string;
  partitions: number;
  retentionMs: number;
}

/** People read dead letters, and not every day. */
const DEAD_LETTER_RETENTION_MS = 14 * DAY_MS;

/** All topics with those of their dead letters. */
export function topicPlans(topics: readonly Topic[] = Object.values(TOPICS)): TopicPlan[] {
  return topics.flatMap(({ name, partitions, retentionMs, groups }) => [
    { name, partitions, retentionMs },
    ...groups.map((group) => planOf(deadLetterTopic(name, group))),
  ]);
}

/** For a topic by its name alone, also one that is not in the table. */
export function planOf(name: string): TopicPlan {
  if (name.endsWith('.dlq')) return { name, partitions: 1, retentionMs: DEAD_LETTER_RETENTION_MS };
  const known = Object.values(TOPICS).find((topic) => topic.name === name);
  return { name, partitions: known?.partitions ?? 4, retentionMs: known?.retentionMs ?? 7 * DAY_MS };
}
