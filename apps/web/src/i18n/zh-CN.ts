import { texts } from './texts';

export default texts(import.meta.glob('./zh-CN/*.json', { eager: true, import: 'default' }));
