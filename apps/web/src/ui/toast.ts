import { shallowReactive } from 'vue';

export interface Toast {
  id: number;
  kind: 'info' | 'success' | 'error';
  text: string;
  action?: { label: string; run: () => void } | undefined;
}

/** What is on the screen now, oldest first. UiToasts, once in App.vue, shows them. */
export const toasts = shallowReactive<Toast[]>([]);
let last = 0;

function show(kind: Toast['kind'], text: string, action?: Toast['action']): void {
  const same = toasts.find((toast) => toast.text === text && toast.kind === kind);
  if (same !== undefined) dismissToast(same.id);
  if (toasts.length > 2) toasts.shift();
  toasts.push({ id: ++last, kind, text, action });
}

export function dismissToast(id: number): void {
  const index = toasts.findIndex((toast) => toast.id === id);
  if (index !== -1) toasts.splice(index, 1);
}

/** Short news about what somebody just did. `failed` shows an error in its own words. */
export function useToast(): {
  info: (text: string, action?: Toast['action']) => void;
  success: (text: string, action?: Toast['action']) => void;
  failed: (error: unknown, action?: Toast['action']) => void;
} {
  return {
    info: (text, action) => show('info', text, action),
    success: (text, action) => show('success', text, action),
    failed: (error, action) => show('error', error instanceof Error ? error.message : String(error), action),
  };
}
