import type { ConversationItem, MemberList } from '@parley/client';
import { computed, type ComputedRef, onScopeDispose, ref, type Ref, shallowRef, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { mentionAt, type Mentioned, mentionsIn, withMention } from './mention-query';

/** Somebody who can be mentioned, or everybody. */
export interface Candidate {
  userId: string;
  name: string;
  avatarFileId: string | undefined;
}

interface Place {
  text: Ref<string>;
  caret: Ref<number>;
  many: ComputedRef<boolean>;
  members: () => MemberList;
  myRole: () => ConversationItem['role'];
}

const PAUSE_MS = 120;
const MOST = 8;

/** Completion of @names in groups. What the server finds for an older prefix never replaces a newer one's. */
export function useMentions({ text, caret, many, members, myRole }: Place) {
  const { t } = useI18n();
  const found = shallowRef<readonly Candidate[]>([]);
  const at = ref(0);
  const picked: Mentioned[] = [];
  const closedAt = ref<number>();
  const query = computed(() => (many.value ? mentionAt(text.value, caret.value) : undefined));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;
  onScopeDispose(() => clearTimeout(timer));

  watch(query, (wanted) => {
    clearTimeout(timer);
    turn += 1;
    if (wanted === undefined || wanted.start === closedAt.value) {
      found.value = [];
      if (wanted === undefined) closedAt.value = undefined;
      return;
    }
    const mine = turn;
    timer = setTimeout(async () => {
      const people = await members()
        .find(wanted.prefix)
        .catch(() => []);
      if (mine !== turn) return;
      at.value = 0;
      found.value = [...everybody(wanted.prefix), ...people.map(candidateOf)].slice(0, MOST);
    }, PAUSE_MS);
  });

  function candidateOf({ userId, nickname, user }: Awaited<ReturnType<MemberList['find']>>[number]): Candidate {
    return { userId, name: user?.displayName ?? nickname, avatarFileId: user?.avatarFileId };
  }

  function everybody(prefix: string): Candidate[] {
    const name = t('composer.everybody');
    const fits =
      'all'.startsWith(prefix.toLowerCase()) || name.toLocaleLowerCase().startsWith(prefix.toLocaleLowerCase());
    return fits && myRole() !== 'member' && myRole() !== undefined
      ? [{ userId: 'all', name, avatarFileId: undefined }]
      : [];
  }

  function close(): void {
    closedAt.value = query.value?.start;
    found.value = [];
  }

  return {
    found,
    at,
    close,
    move: (step: 1 | -1) => void (at.value = (at.value + step + found.value.length) % found.value.length),
    /** Puts the name into the text; answers where the caret belongs. */
    pick: (index: number): number | undefined => {
      const one = found.value[index];
      if (one === undefined || query.value === undefined) return undefined;
      const [next, place] = withMention(text.value, caret.value, query.value, one.name);
      picked.push({ userId: one.userId, name: one.name });
      text.value = next;
      caret.value = place;
      found.value = [];
      return place;
    },
    ids: () => mentionsIn(text.value, picked),
  };
}
