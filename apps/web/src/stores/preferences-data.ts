export interface Preferences {
  theme: 'system' | 'light' | 'dark';
  textSize: 'small' | 'normal' | 'large';
  density: 'spacious' | 'compact';
  /** Notifications of the desktop; the browser's own permission is asked for when it is switched on. */
  notify: boolean;
  /** They show what was written, not only who wrote. */
  notifyText: boolean;
  sound: boolean;
}

const DEFAULTS: Preferences = {
  theme: 'system',
  textSize: 'normal',
  density: 'spacious',
  notify: false,
  notifyText: true,
  sound: false,
};

const CHOICES: { readonly [K in keyof Preferences]: readonly Preferences[K][] } = {
  theme: ['system', 'light', 'dark'],
  textSize: ['small', 'normal', 'large'],
  density: ['spacious', 'compact'],
  notify: [true, false],
  notifyText: [true, false],
  sound: [true, false],
};

/** What was kept, as far as it is still a choice: an older or a newer version may have written it. */
export function readPreferences(kept: string | null): Preferences {
  let read: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(kept ?? '{}');
    if (typeof parsed === 'object' && parsed !== null) read = parsed as Record<string, unknown>;
  } catch {
    // Not ours: the defaults stand.
  }
  const fits = Object.entries(CHOICES).filter(([key, choices]) => (choices as unknown[]).includes(read[key]));
  return { ...DEFAULTS, ...Object.fromEntries(fits.map(([key]) => [key, read[key]])) };
}
