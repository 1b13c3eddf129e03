import { insertRows } from '@parley/adapter-sql';
import {
  type Conversation,
  type Fact,
  foldName,
  type Member,
  type NewConversation,
  rankOf,
} from '@parley/core-conversation';
import type { ConversationId } from '@parley/kernel';
import type { EntityManager } from 'typeorm';
import type { Row } from './rows.js';

/** Writes that both stores share: a pair's decision can make a direct conversation or add a fact to it. */

const COLUMNS = [
  'title',
  'description',
  'avatar_file_id',
  'owner_id',
  'announcement_text',
  'announcement_author_id',
  'announcement_at',
  'join_policy',
  'send_policy',
  'disbanded',
  'member_count',
] as const;

const changing = (conversation: Conversation): unknown[] => [
  conversation.title,
  conversation.description,
  conversation.avatarFileId,
  conversation.ownerId,
  conversation.announcement?.text ?? null,
  conversation.announcement?.authorId ?? null,
  conversation.announcement?.updatedAt ?? null,
  conversation.joinPolicy,
  conversation.sendPolicy,
  conversation.disbanded ? 1 : 0,
  conversation.memberCount,
];

export async function insertConversation(tx: EntityManager, made: NewConversation): Promise<void> {
  const { conversation, members, facts } = made;
  const fixed = [
    'conversation_id',
    'kind',
    'history_before_join',
    'created_at',
    'low_id',
    'high_id',
    'version',
    'fact_no',
  ];
  await insertRows(
    tx,
    'conversations',
    [...COLUMNS, ...fixed],
    [
      [
        ...changing(conversation),
        conversation.id,
        conversation.kind,
        conversation.historyBeforeJoin ? 1 : 0,
        conversation.createdAt,
        conversation.pair?.low ?? null,
        conversation.pair?.high ?? null,
        1,
        facts.length,
      ],
    ],
  );
  await insertMembers(tx, conversation.id, members);
  await insertFacts(tx, conversation.id, 0, facts);
}

/** Takes the conversation's lock until the transaction ends; answers what lies under it, undefined when there is none. */
export async function lockConversation(tx: EntityManager, id: ConversationId): Promise<Row | undefined> {
  // ORDER: the lock comes before the first read, so that the read sees what the holder before wrote.
  await tx.query('UPDATE conversations SET version = version + 1 WHERE conversation_id = ?', [id]);
  const [row]: Row[] = await tx.query('SELECT * FROM conversations WHERE conversation_id = ?', [id]);
  return row;
}

export async function updateConversation(tx: EntityManager, conversation: Conversation): Promise<void> {
  const sets = COLUMNS.map((column) => `${column} = ?`).join(', ');
  await tx.query(`UPDATE conversations SET ${sets} WHERE conversation_id = ?`, [
    ...changing(conversation),
    conversation.id,
  ]);
}

export async function insertMembers(tx: EntityManager, id: ConversationId, members: readonly Member[]): Promise<void> {
  await insertRows(
    tx,
    'members',
    [
      'conversation_id',
      'user_id',
      'role_rank',
      'nickname',
      'nickname_folded',
      'joined_at',
      'muted_until',
      'muted',
      'pinned',
      'archived',
    ],
    members.map((member) => [
      id,
      member.userId,
      rankOf(member.role),
      member.nickname,
      foldName(member.nickname),
      member.joinedAt,
      member.mutedUntil,
      0,
      0,
      0,
    ]),
  );
}

/** Under the conversation's lock. @param after the conversation's `fact_no` */
export async function appendFacts(
  tx: EntityManager,
  id: ConversationId,
  after: number,
  facts: readonly Fact[],
): Promise<void> {
  if (facts.length === 0) return;
  await insertFacts(tx, id, after, facts);
  await tx.query('UPDATE conversations SET fact_no = ? WHERE conversation_id = ?', [after + facts.length, id]);
}

async function insertFacts(tx: EntityManager, id: ConversationId, after: number, facts: readonly Fact[]) {
  const rows = facts.map((fact, i) => [id, after + i + 1, JSON.stringify(fact)]);
  await insertRows(tx, 'pending_facts', ['conversation_id', 'fact_no', 'fact'], rows);
}
