import { texts } from './texts';

export const zhCN = texts(import.meta.glob('./zh-CN/*.json', { eager: true, import: 'default' }));
