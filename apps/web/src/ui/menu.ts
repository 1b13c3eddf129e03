import type { Component } from 'vue';

export interface MenuAction {
  label: string;
  icon?: Component;
  /** As it is shown: `Ctrl K`. The key itself is bound elsewhere. */
  shortcut?: string;
  danger?: boolean;
  disabled?: boolean;
  /** A choice that is on: drawn with a tick. */
  checked?: boolean;
  select: () => void;
}

/** One entry, or a line between groups. Falsy ones are left out, so that a list can be written with conditions. */
export type MenuEntry = MenuAction | 'line' | false | undefined;

/** Without what was left out, and without lines at the ends or next to each other. */
export function menuEntries(entries: readonly MenuEntry[]): (MenuAction | 'line')[] {
  const shown: (MenuAction | 'line')[] = [];
  for (const entry of entries) {
    if (entry === false || entry === undefined) continue;
    if (entry === 'line' && (shown.length === 0 || shown[shown.length - 1] === 'line')) continue;
    shown.push(entry);
  }
  if (shown[shown.length - 1] === 'line') shown.pop();
  return shown;
}
