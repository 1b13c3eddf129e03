import { defineAsyncComponent } from 'vue';

// Once for all rows: what is defined in a row is loaded anew by each.

/** What can be done with a message, beside it, while the mouse is over it. */
export const HoverBar = defineAsyncComponent(() => import('./HoverBar.vue'));
/** What stands in a picture's place until it has come. */
export const BlurImage = defineAsyncComponent(() => import('../media/BlurImage.vue'));
