import { texts } from './texts';

/** What the first screen of who is signed in says. */
export const zhCN = texts(
  import.meta.glob('./zh-CN/{app,ui,shell,list,preview,conversation,message,composer,media}.json', {
    eager: true,
    import: 'default',
  }),
);
