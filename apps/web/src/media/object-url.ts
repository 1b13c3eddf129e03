import { useParley } from '@parley/client/vue';
import { type Ref, shallowRef, watch } from 'vue';

/** A URL of what is only here yet; let go of when it is no longer shown. */
export function useObjectUrl(blob: () => Blob | undefined): Readonly<Ref<string | undefined>> {
  const url = shallowRef<string>();
  watch(
    blob,
    (now, _before, onCleanup) => {
      if (now === undefined) return void (url.value = undefined);
      const made = URL.createObjectURL(now);
      url.value = made;
      onCleanup(() => URL.revokeObjectURL(made));
    },
    { immediate: true },
  );
  return url;
}

export interface FileSource {
  url: Readonly<Ref<string | undefined>>;
  failed: Ref<boolean>;
  /** Asks again: the URL has ended, or the network was away. */
  retry: () => void;
}

/** What a bubble shows: the file itself while it is only here, else the URL of the server's. */
export function useFileSource(
  source: () => { fileId: string | undefined; local: Blob | undefined },
  thumbnail?: 64 | 160 | 320 | 640 | 1280,
): FileSource {
  const parley = useParley();
  const local = useObjectUrl(() => source().local);
  const url = shallowRef<string>();
  const failed = shallowRef(false);
  const tries = shallowRef(0);
  watch(
    () => [source().fileId, local.value, tries.value] as const,
    async ([fileId, own], _before, onCleanup) => {
      failed.value = false;
      if (own !== undefined || fileId === undefined) return void (url.value = own);
      let current = true;
      onCleanup(() => void (current = false));
      const found = await parley.files.url(fileId, thumbnail === undefined ? {} : { thumbnail }).catch(() => undefined);
      if (!current) return;
      url.value = found;
      failed.value = found === undefined;
    },
    { immediate: true },
  );
  return { url, failed, retry: () => (tries.value += 1) };
}
