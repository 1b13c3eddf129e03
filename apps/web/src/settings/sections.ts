import { Bell, Info, KeyRound, Languages, MonitorSmartphone, Palette, UserRound } from '@lucide/vue';

export const SECTIONS = [
  { name: 'profile', icon: UserRound },
  { name: 'account', icon: KeyRound },
  { name: 'devices', icon: MonitorSmartphone },
  { name: 'notifications', icon: Bell },
  { name: 'appearance', icon: Palette },
  { name: 'language', icon: Languages },
  { name: 'about', icon: Info },
] as const;

export type SectionName = (typeof SECTIONS)[number]['name'];
