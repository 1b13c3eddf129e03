import { useParley } from '@parley/client/vue';
import { type MaybeRefOrGetter, type Ref, shallowRef, toValue, watch } from 'vue';

type Thumbnail = 64 | 160 | 320 | 640 | 1280;

/** The URL of a file for `<img>`; undefined until it is known, and where it cannot be had. */
export function useFileUrl(
  fileId: MaybeRefOrGetter<string | undefined>,
  thumbnail: MaybeRefOrGetter<Thumbnail | undefined> = undefined,
): Readonly<Ref<string | undefined>> {
  const parley = useParley();
  const url = shallowRef<string>();
  watch(
    () => [toValue(fileId), toValue(thumbnail)] as const,
    async ([wanted, size], _before, onCleanup) => {
      let current = true;
      onCleanup(() => void (current = false));
      if (wanted === undefined || wanted === '') {
        url.value = undefined;
        return;
      }
      const found = await parley.files
        .url(wanted, size === undefined ? {} : { thumbnail: size })
        .catch(() => undefined);
      if (current) url.value = found;
    },
    { immediate: true },
  );
  return url;
}
