import { texts } from './texts';

export default texts(import.meta.glob('./en/*.json', { eager: true, import: 'default' }));
