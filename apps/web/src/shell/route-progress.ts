import { onScopeDispose, ref } from 'vue';
import { useRouter } from 'vue-router';

/** `slow` while a screen is being fetched for longer than one would notice. */
export function useRouteProgress() {
  const router = useRouter();
  const slow = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const done = (): void => {
    clearTimeout(timer);
    slow.value = false;
  };
  const stops = [
    router.beforeEach(() => {
      clearTimeout(timer);
      timer = setTimeout(() => (slow.value = true), 300);
    }),
    router.afterEach(done),
    router.onError(done),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));
  return { slow };
}
