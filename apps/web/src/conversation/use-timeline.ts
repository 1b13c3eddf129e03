import { useVirtualizer, type VirtualItem } from '@tanstack/vue-virtual';
import { computed, type ComputedRef, nextTick, onScopeDispose, type Ref, ref, watch } from 'vue';
import type { ConversationContext } from './context';
import { buildRows, estimateHeight, indexOfKey, type Row } from './rows';

const NEAR_END = 60;
/** Rows from the edge at which the next page is asked for: before anybody sees the edge. */
const AHEAD = 25;

const MOST_ROUNDS = 5;
/** Rows are measured and the way is corrected. */
const SETTLING_FRAMES = 3;

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
  // Asking the element would lay out the page for every row that is estimated.
  let width = 600;
  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>(
    computed(() => {
      const list = rows.value;
      return {
        count: list.length,
        getScrollElement: () => scroller.value,
        getItemKey: (index: number) => list[index]?.key ?? index,
        estimateSize: (index: number) => estimateHeight(list[index], width),
        overscan: 6,
        anchorTo: 'end' as const,
        followOnAppend: !state.value.hasNewer,
        scrollEndThreshold: NEAR_END,
        paddingEnd: 8,
      };
    }),
  );

  watch(
    () => virtualizer.value.scrollRect?.width,
    (now) => now !== undefined && now > 0 && (width = now),
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

  // Ways to a row that are not at their end.
  const going = ref(0);
  // The next page, before its edge is reached.
  watch(
    () =>
      [shown.value[0]?.index, shown.value.at(-1)?.index, state.value.loading, state.value.error, going.value] as const,
    ([first, last, loading, error, busy]) => {
      if (first === undefined || last === undefined || loading !== undefined || error !== undefined || busy > 0) return;
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

  /** The way is by index: no page comes in meanwhile, and where rows were added all the same it is gone again. */
  async function scrollToKey(key: string, align: 'start' | 'center' | 'auto' = 'center'): Promise<void> {
    going.value += 1;
    try {
      for (let round = 0, before = -1; round < MOST_ROUNDS; round++) {
        await nextTick();
        const index = indexOfKey(rows.value, key);
        if (index < 0 || index === before) return;
        before = index;
        virtualizer.value.scrollToIndex(index, { align });
        await frames(SETTLING_FRAMES);
      }
    } finally {
      going.value -= 1;
    }
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
      going.value += 1;
      await nextTick();
      virtualizer.value.scrollToEnd();
      await frames(SETTLING_FRAMES);
      going.value -= 1;
    },
  };
}

async function frames(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
}
