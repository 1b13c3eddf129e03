import { allTexts } from '../i18n';
import { type Component, defineAsyncComponent } from 'vue';
import ImageBody from './ImageBody.vue';
import TextBody from './TextBody.vue';

const others = () => import('./other-bodies');
const later = (name: keyof Awaited<ReturnType<typeof others>>): Component =>
  defineAsyncComponent(() => others().then((bodies) => bodies[name]));

/** By message type. Text and pictures come with the conversation, the others in one file right after it. */
export const BODIES: Readonly<Record<string, Component>> = {
  text: TextBody,
  image: ImageBody,
  file: later('FileBody'),
  audio: later('AudioBody'),
  video: later('VideoBody'),
  location: later('LocationBody'),
  contact: later('ContactBody'),
  merged: later('MergedBody'),
  custom: later('CustomBody'),
};

/** And the texts of the other screens, when there is nothing better to do: without a connection they could not be had. */
export function loadTheRest(): void {
  const idle = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 1000));
  idle(() => void Promise.all([others(), allTexts()]).catch(() => undefined));
}
