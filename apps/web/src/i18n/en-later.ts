import { texts } from './texts';

/** What the other screens say. */
export const enLater = texts(
  import.meta.glob(['./en/*.json', '!./en/{app,ui,shell,list,preview,conversation,message,composer,media}.json'], {
    eager: true,
    import: 'default',
  }),
);
