import type { InjectionKey, Ref } from 'vue';

/** What a control inside a field has to say of itself: its label, hint and error belong to it. */
export interface FieldContext {
  id: string;
  describedBy: Readonly<Ref<string | undefined>>;
  invalid: Readonly<Ref<boolean>>;
}

export const FIELD: InjectionKey<FieldContext> = Symbol('field');
