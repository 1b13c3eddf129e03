import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** Where a Parley runs, for `npm run dev`. */
const SERVER = process.env['PARLEY_URL'] ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [vue()],
  // The SDK is read from its sources, as tests and the editor do.
  resolve: { conditions: ['@parley/source', 'module', 'browser', 'development|production'] },
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false, __INTLIFY_JIT_COMPILATION__: true },
  build: { target: 'es2022', sourcemap: false, reportCompressedSize: false, modulePreload: { polyfill: false } },
  server: {
    proxy: { '/api': SERVER, '/.well-known': SERVER, '/objects': SERVER, '/socket.io': { target: SERVER, ws: true } },
  },
});
