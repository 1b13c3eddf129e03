/** Apple's keyboards have another key where others have Ctrl. */
export const isApple = (): boolean => /Mac|iPhone|iPad/u.test(navigator.userAgent);

/** As menus show it: `⌘K`, `Ctrl K`. */
export function shortcutText(key: string): string {
  return isApple() ? `⌘${key}` : `Ctrl ${key}`;
}

export function isMod(event: KeyboardEvent): boolean {
  return isApple() ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
}
