import { ref, type Ref } from 'vue';

/** Files that are dragged over something and let fall on it. Text that is dragged is left alone. */
export function useDropping(
  allowed: () => boolean,
  take: (files: File[]) => void,
): { over: Ref<boolean>; handlers: Record<string, (event: DragEvent) => void> } {
  const over = ref(false);
  // Every element that is crossed enters before the one before it is left.
  let depth = 0;
  const fits = (event: DragEvent): boolean => allowed() && (event.dataTransfer?.types.includes('Files') ?? false);
  return {
    over,
    handlers: {
      dragenter: (event) => {
        if (!fits(event)) return;
        depth += 1;
        over.value = true;
      },
      dragover: (event) => fits(event) && event.preventDefault(),
      dragleave: (event) => {
        if (!fits(event)) return;
        depth = Math.max(0, depth - 1);
        over.value = depth > 0;
      },
      drop: (event) => {
        depth = 0;
        over.value = false;
        if (!fits(event)) return;
        event.preventDefault();
        take([...(event.dataTransfer?.files ?? [])]);
      },
    },
  };
}
