import { errorsPage } from './errors-page.js';
import { settingsPage } from './settings-page.js';

/** Pages of docs/ that are made from code: file name → text. */
export const pages = (): Record<string, string> => ({ 'errors.md': errorsPage(), 'settings.md': settingsPage() });

/** The folder docs/, from src and from dist alike. */
export const docs = new URL('../../../../docs/', import.meta.url);
