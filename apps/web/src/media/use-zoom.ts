import { computed, type ComputedRef, reactive } from 'vue';

const MOST = 8;

/** Wheel, pinch and double click zoom where they point; a zoomed picture is dragged. */
export function useZoom(): {
  style: ComputedRef<{ transform: string }>;
  zoomed: ComputedRef<boolean>;
  reset: () => void;
  handlers: Record<string, (event: never) => void>;
} {
  const view = reactive({ scale: 1, x: 0, y: 0 });
  const fingers = new Map<number, { x: number; y: number }>();

  const reset = (): void => void Object.assign(view, { scale: 1, x: 0, y: 0 });

  /** `x` and `y` from the middle of the stage: that point stays under the pointer. */
  function zoom(factor: number, x: number, y: number): void {
    const scale = Math.min(MOST, Math.max(1, view.scale * factor));
    if (scale === 1) return reset();
    const ratio = scale / view.scale;
    Object.assign(view, { scale, x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio });
  }

  function middle(event: MouseEvent): { x: number; y: number } {
    const { left, top, width, height } = (event.currentTarget as Element).getBoundingClientRect();
    return { x: event.clientX - left - width / 2, y: event.clientY - top - height / 2 };
  }

  const spread = (): number => {
    const [one, other] = [...fingers.values()];
    return one === undefined || other === undefined ? 0 : Math.hypot(one.x - other.x, one.y - other.y);
  };

  function move(event: PointerEvent): void {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const wide = spread();
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (fingers.size > 1) {
      const { x, y } = middle(event);
      if (wide > 0) zoom(spread() / wide, x, y);
    } else if (view.scale > 1) {
      view.x += event.clientX - before.x;
      view.y += event.clientY - before.y;
    }
  }
  const lift = (event: PointerEvent): void => void fingers.delete(event.pointerId);

  return {
    style: computed(() => ({ transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` })),
    zoomed: computed(() => view.scale > 1),
    reset,
    handlers: {
      wheel: (event: WheelEvent) => {
        event.preventDefault();
        const { x, y } = middle(event);
        zoom(Math.exp(-event.deltaY / 300), x, y);
      },
      dblclick: (event: MouseEvent) => {
        const { x, y } = middle(event);
        if (view.scale > 1) reset();
        else zoom(2.5, x, y);
      },
      pointerdown: (event: PointerEvent) => {
        fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      },
      pointermove: move,
      pointerup: lift,
      pointercancel: lift,
      pointerleave: lift,
    },
  };
}
