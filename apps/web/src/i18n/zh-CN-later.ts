import { texts } from './texts';

/** What the other screens say. */
export const zhCNLater = texts(
  import.meta.glob(
    ['./zh-CN/*.json', '!./zh-CN/{app,ui,shell,list,preview,conversation,message,composer,media}.json'],
    { eager: true, import: 'default' },
  ),
);
