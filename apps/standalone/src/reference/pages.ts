import { decisionsPage } from './decisions-page.js';
import { errorsPage } from './errors-page.js';
import { settingsPage } from './settings-page.js';

/** The folder docs/, from src and from dist alike. */
export const docs = new URL('../../../../docs/', import.meta.url);

/** Pages of docs/ that are made from code or from other pages: file name → text. */
export const pages = (): Record<string, string> => ({
  'errors.md': errorsPage(),
  'settings.md': settingsPage(),
  'decisions/README.md': decisionsPage(new URL('decisions/', docs)),
});
