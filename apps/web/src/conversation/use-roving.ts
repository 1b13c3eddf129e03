import { nextTick, type Ref, shallowRef, watch } from 'vue';
import type { Row } from './rows';

/** The keyboard in the list of messages: Tab comes in at one place, arrows go from message to message, Enter opens the menu. */
export function useRoving(
  rows: Readonly<Ref<readonly Row[]>>,
  scrollTo: (key: string, align: 'auto') => Promise<void>,
  scroller: Readonly<Ref<HTMLElement | null>>,
): {
  current: Ref<string | undefined>;
  onKey: (event: KeyboardEvent) => void;
  onFocus: (event: FocusEvent) => void;
} {
  const current = shallowRef<string>();
  // The newest message is where Tab enters before anybody has been elsewhere.
  watch(
    rows,
    (list) => {
      if (current.value !== undefined && list.some((row) => row.key === current.value)) return;
      current.value = list.findLast((row) => row.kind === 'message')?.key;
    },
    { immediate: true },
  );

  async function move(step: 1 | -1 | 'first' | 'last'): Promise<void> {
    const list = rows.value.filter((row) => row.kind === 'message');
    const at = list.findIndex((row) => row.key === current.value);
    const to =
      step === 'first' ? 0 : step === 'last' ? list.length - 1 : Math.max(0, Math.min(list.length - 1, at + step));
    const next = list[to];
    if (next === undefined) return;
    current.value = next.key;
    await scrollTo(next.key, 'auto');
    await nextTick();
    requestAnimationFrame(() => find(next.key)?.focus({ preventScroll: true }));
  }

  const find = (key: string): HTMLElement | null =>
    scroller.value?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? null;

  function onKey(event: KeyboardEvent): void {
    const row =
      event.target instanceof HTMLElement && event.target.dataset['key'] !== undefined ? event.target : undefined;
    if (row === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const steps: Record<string, 1 | -1 | 'first' | 'last'> = { ArrowDown: 1, ArrowUp: -1, Home: 'first', End: 'last' };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      void move(step);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      const box = (row.querySelector('.bubble') ?? row).getBoundingClientRect();
      row.dispatchEvent(
        new MouseEvent('contextmenu', {
          bubbles: true,
          cancelable: true,
          clientX: box.left + 16,
          clientY: box.top + 16,
        }),
      );
    }
  }

  function onFocus(event: FocusEvent): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-key]') : null;
    if (row?.dataset['key'] !== undefined) current.value = row.dataset['key'];
  }

  return { current, onKey, onFocus };
}
