import { createClient } from '@parley/client';
import { preferredLanguage } from './i18n';

/** The one client of this page; components get at it by `useParley()` of `@parley/client/vue`. */
export const parley = createClient({
  device: { name: deviceName(), platform: 'web' },
  language: preferredLanguage(),
});

function deviceName(): string {
  const agent = navigator.userAgent;
  const browser = /Edg\//.test(agent)
    ? 'Edge'
    : /Firefox\//.test(agent)
      ? 'Firefox'
      : /Chrome\//.test(agent)
        ? 'Chrome'
        : /Safari\//.test(agent)
          ? 'Safari'
          : 'Browser';
  const system = /Android/.test(agent)
    ? 'Android'
    : /iPhone|iPad/.test(agent)
      ? 'iOS'
      : /Mac OS/.test(agent)
        ? 'macOS'
        : /Windows/.test(agent)
          ? 'Windows'
          : /Linux/.test(agent)
            ? 'Linux'
            : '';
  return system === '' ? browser : `${browser}, ${system}`;
}
