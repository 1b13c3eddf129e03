import { texts } from './texts';

export const en = texts(import.meta.glob('./en/*.json', { eager: true, import: 'default' }));
