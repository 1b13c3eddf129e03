import { texts } from './texts';

/** What the first screen of who is signed in says. */
export const en = texts(
  import.meta.glob('./en/{app,ui,shell,list,preview,conversation,message,composer,media}.json', {
    eager: true,
    import: 'default',
  }),
);
