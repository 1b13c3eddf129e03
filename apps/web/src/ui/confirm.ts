import { shallowRef } from 'vue';

export interface Question {
  title: string;
  text: string;
  /** What the button does, in a verb. */
  confirm: string;
  danger?: boolean;
}

/** The question that is open; UiConfirm, once in App.vue, asks it. */
export const question = shallowRef<(Question & { answer: (yes: boolean) => void }) | undefined>();

/** Asks before something that cannot be taken back. */
export function confirm(asked: Question): Promise<boolean> {
  question.value?.answer(false);
  return new Promise((resolve) => {
    question.value = {
      ...asked,
      answer: (yes) => {
        question.value = undefined;
        resolve(yes);
      },
    };
  });
}
