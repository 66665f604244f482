import { defineConfig } from 'vite';
import { compressed } from './compressed.js';
import { routeList } from './route-list.js';

// The api puts its nonce in place of this word, anew in every answer (apps/api/src/console).
const nonce = '__CSP_NONCE__';

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  publicDir: false,
  html: { cspNonce: nonce },
  plugins: [routeList(), compressed()],
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    target: 'baseline-widely-available',
    // The first that know light-dark().
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      // Packages say "use client" for servers that render; here everything is for the client.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE' && log.code !== 'PLUGIN_TIMINGS') handle(level, log);
      },
    },
  },
  server: { proxy: { '^/(?!console/(src|@|node_modules))': 'http://localhost:8001' } },
});
