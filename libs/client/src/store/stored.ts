import type { StorageTransaction } from '../ports.js';
import type { ConversationRecord, OutboxEntry, Patch } from './shapes.js';
import { dropTimeline, patchTimeline } from './timeline-table.js';

export interface Stored {
  records: ReadonlyMap<string, ConversationRecord>;
  entries: ReadonlyMap<string, OutboxEntry>;
  drafts: ReadonlyMap<string, string>;
  /** A sync was finished on this storage. */
  known: boolean;
  /** Where the last one ended. */
  cursor?: string | undefined;
}

const draftOf = (conversationId: string) => ['draft', conversationId] as const;

/** All but the timelines. */
export async function readStored(tx: StorageTransaction): Promise<Stored> {
  const [records, entries, drafts, known, cursor] = await Promise.all([
    tx.list<ConversationRecord>('conversations'),
    tx.list<OutboxEntry>('outbox'),
    tx.list<string>('meta', { from: ['draft'], to: ['draft', '\uffff'] }),
    tx.get<boolean>('meta', 'known'),
    tx.get<string>('meta', 'cursor'),
  ]);
  return {
    records: new Map(records.map(({ value }) => [value.conversationId, value])),
    entries: new Map(entries.map(({ value }) => [value.key, value])),
    drafts: new Map(drafts.map(({ key, value }) => [(key as [string, string])[1], value])),
    known: known ?? false,
    cursor,
  };
}

export async function writePatches(tx: StorageTransaction, patches: readonly Patch[], me: string): Promise<void> {
  for (const patch of patches) {
    const { records = [], resets = [], removed = [], timelines = [], entries = [], entriesGone = [] } = patch;
    const puts: Promise<void>[] = [];
    for (const id of [...resets, ...removed]) puts.push(dropTimeline(tx, id));
    for (const id of removed) puts.push(tx.delete('conversations', id));
    for (const record of records) puts.push(tx.put('conversations', record.conversationId, record));
    for (const { conversationId, text } of patch.drafts ?? [])
      puts.push(
        text === '' ? tx.delete('meta', draftOf(conversationId)) : tx.put('meta', draftOf(conversationId), text),
      );
    for (const [name, value] of Object.entries(patch.notes ?? {})) puts.push(tx.put('meta', name, value));
    await Promise.all(puts);
    for (const timeline of timelines) await patchTimeline(tx, timeline, me);
    for (const entry of entries) await putEntry(tx, entry);
    for (const key of entriesGone) await tx.delete('outbox', key);
  }
}

/** DEDUPE: a later version of an entry that is gone came after its end; only the first version makes one. */
async function putEntry(tx: StorageTransaction, entry: OutboxEntry): Promise<void> {
  const stored = await tx.get<OutboxEntry>('outbox', entry.key);
  if (stored === undefined ? entry.version > 1 : stored.version >= entry.version) return;
  await tx.put('outbox', entry.key, { ...entry, state: entry.state === 'sending' ? 'queued' : entry.state });
}
