import { ParleyError } from '@parley/client';
import { ref } from 'vue';

/** What a form says after the server said no: next to the fields where it named them, else below. */
export function useFormErrors() {
  const fields = ref<Readonly<Record<string, string>>>({});
  const general = ref<{ text: string; code?: string } | undefined>();

  function clear(): void {
    fields.value = {};
    general.value = undefined;
  }

  /** `known` are the fields on the screen; `byCode` says which field an error without fields is about. */
  function show(error: unknown, known: readonly string[], byCode: Readonly<Record<string, string>> = {}): void {
    clear();
    if (!(error instanceof ParleyError)) {
      general.value = { text: error instanceof Error ? error.message : String(error) };
      return;
    }
    const named = error.errors.filter(({ path }) => known.includes(fieldOf(path)));
    const field = byCode[error.code];
    if (named.length > 0) fields.value = Object.fromEntries(named.map((one) => [fieldOf(one.path), one.message]));
    else if (field !== undefined) fields.value = { [field]: error.message };
    else general.value = { text: error.message, code: error.code };
  }

  return { fields, general, clear, show };
}

/** `body.username` and `/username` are `username`. */
function fieldOf(path: string): string {
  return path.replace(/^(body\.|\/)/u, '');
}
