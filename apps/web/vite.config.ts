import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { compiledMessages } from './vite-messages.ts';

/** Where a Parley runs, for `npm run dev`. */
const SERVER = process.env['PARLEY_URL'] ?? 'http://localhost:8080';

/** What the first screen needs, whichever it is. Together it is a tenth smaller than in the many pieces that sharing alone would make. */
const FIRST = [
  /node_modules\/(@?vue|@vueuse|vue-router|vue-i18n|@intlify|pinia|@floating-ui|aria-hidden|defu)\//,
  /node_modules\/reka-ui\/dist\/(shared|Primitive|Presence|Popper|Tooltip|Menu|DropdownMenu|ContextMenu|Teleport|FocusScope|DismissableLayer|RovingFocus|Collection|ConfigProvider|VisuallyHidden|Tabs)\//,
  /src\/ui\/(?!UiSelect|UiPopover|UiSwitch|UiTextarea|UiDialog|UiConfirm)/,
];

export default defineConfig({
  plugins: [vue(), compiledMessages()],
  // The SDK is read from its sources, as tests and the editor do.
  resolve: { conditions: ['@parley/source', 'module', 'browser', 'development|production'] },
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __INTLIFY_JIT_COMPILATION__: true,
    __INTLIFY_DROP_MESSAGE_COMPILER__: true,
  },
  build: {
    target: 'es2022',
    sourcemap: false,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'first', test: (id) => FIRST.some((part) => part.test(id)) },
            // Icons and small things of several screens: fifty files of a kilobyte are half headers.
            {
              name: 'shared',
              test: /node_modules\/@lucide\/|apps\/web\/src\/(lib|message|media|conversation|i18n|stores)\//,
              minShareCount: 2,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/api': SERVER, '/.well-known': SERVER, '/objects': SERVER, '/socket.io': { target: SERVER, ws: true } },
  },
});
