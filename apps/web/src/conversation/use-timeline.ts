import { useVirtualizer, type VirtualItem } from '@tanstack/vue-virtual';
import { computed, type ComputedRef, nextTick, onScopeDispose, type Ref, ref, watch } from 'vue';
import type { ConversationContext } from './context';
import { buildRows, estimateHeight, indexOfKey, type Row } from './rows';

const NEAR_END = 60;
/** Rows from the edge at which the next page is asked for: before anybody sees the edge. */
const AHEAD = 25;

export interface Timeline {
  rows: ComputedRef<readonly Row[]>;
  shown: ComputedRef<readonly VirtualItem[]>;
  offset: ComputedRef<number>;
  total: ComputedRef<number>;
  atEnd: Ref<boolean>;
  /** The topmost row that is to be seen. */
  top: ComputedRef<Row | undefined>;
  /** It is being scrolled, or was a moment ago. */
  moving: Readonly<Ref<boolean>>;
  /** The newest seq that is to be seen. */
  bottomSeq: ComputedRef<number | undefined>;
  measure: (element: unknown) => void;
  scrollToKey: (key: string, align?: 'start' | 'center' | 'auto') => Promise<void>;
  scrollToEnd: () => Promise<void>;
}

/** The rows on the screen out of however many there are. What somebody reads stays where it is, whatever is added above or grows. */
export function useTimeline(
  { window, state }: Pick<ConversationContext, 'window' | 'state'>,
  scroller: Readonly<Ref<HTMLElement | null>>,
  unreadAfter: Readonly<Ref<number | undefined>>,
): Timeline {
  // Not a ref: what a computed value depends on it must not change.
  let before: readonly Row[] = [];
  const rows = computed(() => {
    const { items, hasOlder } = state.value;
    return (before = buildRows({ items, hasOlder, unreadAfter: unreadAfter.value }, before));
  });
  const width = (): number => scroller.value?.clientWidth ?? 600;
  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>(
    computed(() => {
      const list = rows.value;
      return {
        count: list.length,
        getScrollElement: () => scroller.value,
        getItemKey: (index: number) => list[index]?.key ?? index,
        estimateSize: (index: number) => estimateHeight(list[index], width()),
        overscan: 6,
        anchorTo: 'end' as const,
        followOnAppend: !state.value.hasNewer,
        scrollEndThreshold: NEAR_END,
        paddingEnd: 8,
      };
    }),
  );

  const shown = computed(() => virtualizer.value.getVirtualItems());
  const atEnd = ref(true);
  const view = computed(() => {
    const from = virtualizer.value.scrollOffset ?? 0;
    return { from, to: from + (virtualizer.value.scrollRect?.height ?? 0) };
  });
  watch([view, rows], () => {
    atEnd.value = !state.value.hasNewer && virtualizer.value.getDistanceFromEnd() <= NEAR_END;
  });

  // The next page, before its edge is reached.
  watch(
    () => [shown.value[0]?.index, shown.value.at(-1)?.index, state.value.loading, state.value.error] as const,
    ([first, last, loading, error]) => {
      if (first === undefined || last === undefined || loading !== undefined || error !== undefined) return;
      if (first < AHEAD && state.value.hasOlder) void window.loadOlder();
      else if (last > rows.value.length - AHEAD && state.value.hasNewer) void window.loadNewer();
    },
  );

  const top = computed(() => {
    const { from } = view.value;
    return rows.value[shown.value.find((item) => item.end > from + 4)?.index ?? -1];
  });
  const bottomSeq = computed(() => {
    const { to } = view.value;
    for (const item of shown.value.toReversed()) {
      const row = rows.value[item.index];
      if (item.start + Math.min(24, item.size) > to) continue;
      const seq = row?.kind === 'message' ? row.message.seq : row?.kind === 'notice' ? row.seq : undefined;
      if (seq !== undefined) return seq;
    }
    return undefined;
  });

  const moving = ref(false);
  let rest: ReturnType<typeof setTimeout> | undefined;
  watch(
    () => virtualizer.value.isScrolling,
    (scrolls) => {
      clearTimeout(rest);
      if (scrolls) moving.value = true;
      else rest = setTimeout(() => (moving.value = false), 900);
    },
  );
  onScopeDispose(() => clearTimeout(rest));

  async function scrollToKey(key: string, align: 'start' | 'center' | 'auto' = 'center'): Promise<void> {
    await nextTick();
    const index = indexOfKey(rows.value, key);
    if (index >= 0) virtualizer.value.scrollToIndex(index, { align });
  }

  return {
    rows,
    shown,
    offset: computed(() => shown.value[0]?.start ?? 0),
    total: computed(() => virtualizer.value.getTotalSize()),
    atEnd,
    top,
    bottomSeq,
    moving,
    measure: (element) => virtualizer.value.measureElement(element as HTMLElement | null),
    scrollToKey,
    scrollToEnd: async () => {
      await nextTick();
      virtualizer.value.scrollToEnd();
    },
  };
}
