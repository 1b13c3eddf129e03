import { Compass, MessageCircle, Search, Settings, UsersRound } from '@lucide/vue';

/** The places of the application, in the order of the rail and of the bar. */
export const PLACES = [
  { name: 'home', icon: MessageCircle, text: 'shell.chats' },
  { name: 'contacts', icon: UsersRound, text: 'shell.contacts' },
  { name: 'explore', icon: Compass, text: 'shell.explore' },
  { name: 'search', icon: Search, text: 'shell.search' },
  { name: 'settings', icon: Settings, text: 'shell.settings' },
] as const;

export type PlaceName = (typeof PLACES)[number]['name'];

/** The place that a route belongs to. */
export function placeOf(route: unknown): PlaceName | undefined {
  if (route === 'conversation' || route === 'home') return 'home';
  if (route === 'invitation') return 'explore';
  return PLACES.find(({ name }) => name === route)?.name;
}
