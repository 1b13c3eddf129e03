import { useVirtualizer, type VirtualItem } from '@tanstack/vue-virtual';
import { computed, type ComputedRef, nextTick, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue';
import type { ConversationContext } from './context';
import { buildRows, estimateHeight, indexOfKey, type Row } from './rows';

const NEAR_END = 60;
/** Rows from the edge at which the next page is asked for: before anybody sees the edge. */
const AHEAD = 25;

const MOST_ROUNDS = 8;
/** Rows are measured and the way is corrected. */
const SETTLING_FRAMES = 3;

export interface Timeline {
  rows: ComputedRef<readonly Row[]>;
  shown: ComputedRef<readonly VirtualItem[]>;
  offset: ComputedRef<number>;
  total: ComputedRef<number>;
  atEnd: Ref<boolean>;
  /** The topmost row that is to be seen. */
  top: Readonly<Ref<Row | undefined>>;
  /** It is being scrolled, or was a moment ago. */
  moving: Readonly<Ref<boolean>>;
  /** Beside which edge more could not be loaded. */
  failedEdge: ComputedRef<'older' | 'newer' | undefined>;
  /** The newest seq that is to be seen. */
  bottomSeq: Readonly<Ref<number | undefined>>;
  measure: (element: unknown) => void;
  scrollToKey: (key: string, align?: 'start' | 'center' | 'auto') => Promise<void>;
  scrollToEnd: () => Promise<void>;
}

/** The rows on the screen out of however many there are. What somebody reads stays where it is, whatever is added above or grows. */
export function useTimeline(
  { window, state, conversation }: Pick<ConversationContext, 'window' | 'state' | 'conversation'>,
  scroller: Readonly<Ref<HTMLElement | null>>,
  unreadAfter: Readonly<Ref<number | undefined>>,
): Timeline {
  // Not a ref: what a computed value depends on it must not change.
  let before: readonly Row[] = [];
  const rows = computed(() => {
    const { items, hasOlder } = state.value;
    return (before = buildRows(
      { items, hasOlder, direct: conversation.value?.kind === 'direct', unreadAfter: unreadAfter.value },
      before,
    ));
  });
  const atEnd = ref(true);
  // Ways to a row that are not at their end.
  const going = ref(0);
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

  // Whoever is at the end stays there when a keyboard or a longer draft takes the room.
  watch(
    () => virtualizer.value.scrollRect?.height,
    (_now, before) => {
      if (before !== undefined && before > 0 && atEnd.value && going.value === 0) void stayAtEnd();
    },
    { flush: 'post' },
  );

  /** Rows that wrap anew are measured over some frames, and the end moves away with each. */
  async function stayAtEnd(): Promise<void> {
    going.value += 1;
    for (let frame = 0; frame < 30; frame++) {
      virtualizer.value.scrollToEnd();
      await frames(1);
    }
    going.value -= 1;
  }

  // The virtualizer moves the element before Vue has made it taller: near the top the browser cuts that short. Once more, then.
  watch(
    () => rows.value[0]?.key,
    () => {
      const wanted = virtualizer.value.scrollOffset;
      const { value: element } = scroller;
      if (element !== null && wanted !== null && Math.abs(element.scrollTop - wanted) > 1) element.scrollTop = wanted;
    },
    { flush: 'post' },
  );

  const shown = computed(() => virtualizer.value.getVirtualItems());
  const top = shallowRef<Row>();
  const bottomSeq = ref<number>();
  // What is to be seen is asked of the element, once a frame: the virtualizer tells which rows, not how far they were moved.
  let asked = 0;
  const lookSoon = (): void => void (asked ||= requestAnimationFrame(look));
  function look(): void {
    asked = 0;
    const { value: element } = scroller;
    if (element === null) return;
    const { scrollTop: from, clientHeight, scrollHeight } = element;
    const to = from + clientHeight;
    const items = virtualizer.value.getVirtualItems();
    top.value = rows.value[items.find((item) => item.end > from + 4)?.index ?? -1];
    bottomSeq.value = items.reduce<number | undefined>((seq, item) => {
      const seen = item.start + Math.min(24, item.size) <= to;
      return seen ? (seqOf(rows.value[item.index]) ?? seq) : seq;
    }, undefined);
    atEnd.value = !state.value.hasNewer && scrollHeight - to <= NEAR_END;
  }
  const total = computed(() => virtualizer.value.getTotalSize());
  const height = computed(() => virtualizer.value.scrollRect?.height);
  watch([shown, rows, total, height], lookSoon);
  watch(scroller, (element, _before, onCleanup) => {
    element?.addEventListener('scroll', lookSoon, { passive: true });
    onCleanup(() => element?.removeEventListener('scroll', lookSoon));
  });
  onScopeDispose(() => cancelAnimationFrame(asked));

  const atOlder = computed(() => state.value.hasOlder && (shown.value[0]?.index ?? AHEAD) < AHEAD);
  const atNewer = computed(() => state.value.hasNewer && (shown.value.at(-1)?.index ?? 0) > rows.value.length - AHEAD);
  const failedEdge = computed(() => {
    if (state.value.error === undefined || state.value.loading !== undefined) return undefined;
    return atOlder.value ? 'older' : atNewer.value ? 'newer' : undefined;
  });
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

  /**
   * As a reader would, again until the row is there: rows on the way are measured only when they come in. The virtualizer's own
   * way holds on to its index or offset, which is another row's when older ones come in meanwhile.
   */
  async function scrollToKey(key: string, align: 'start' | 'center' | 'auto' = 'center'): Promise<void> {
    going.value += 1;
    try {
      for (let round = 0, before = -Infinity; round < MOST_ROUNDS; round++) {
        await nextTick();
        const index = indexOfKey(rows.value, key);
        const [offset] = virtualizer.value.getOffsetForIndex(index, align) ?? [];
        if (index < 0 || offset === undefined || Math.abs(offset - before) < 2) return;
        before = offset;
        scroller.value?.scrollTo({ top: offset, behavior: 'instant' });
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
    total,
    atEnd,
    top,
    bottomSeq,
    moving,
    failedEdge,
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

function seqOf(row: Row | undefined): number | undefined {
  return row?.kind === 'message' ? row.message.seq : row?.kind === 'notice' ? row.seq : undefined;
}
