// SPDX-License-Identifier: LGPL-2.1-or-later
import vue from '@vitejs/plugin-vue';
import {defineConfig} from 'vitest/config';

// The files are compiled into steg-launch under fixed names (page.gresource.xml); the server gives each an ETag.
export default defineConfig({
  plugins: [vue()],
  // A reverse proxy may serve the page under a path of its own.
  base: './',
  define: {__VUE_OPTIONS_API__: false},
  // `npm run dev` shows the page of these sources with the data of a steg-launch that runs.
  server: {
    host: '127.0.0.1',
    proxy: {
      '^/(custom|pull|stop|elements|status|streams|events|audit|trace|live.flv|session)\\b': {
        target: 'http://127.0.0.1:5000',
        changeOrigin: true,
        ws: true,
        headers: {origin: 'http://127.0.0.1:5000'},
      },
    },
  },
  build: {
    target: 'es2020',
    assetsDir: '',
    cssCodeSplit: false,
    modulePreload: {polyfill: false},
    // mpegts.js and hls.js are loaded when they are needed, and are as large as they are.
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      output: {
        entryFileNames: 'page.js',
        chunkFileNames: '[name].js',
        assetFileNames: 'page[extname]',
        manualChunks: (id) =>
          id.includes('/mpegts.js/') || id.includes('/webworkify-webpack/')
            ? 'flv'
            : id.includes('/hls.js/')
              ? 'hls'
              : undefined,
      },
    },
  },
  test: {include: ['tests/**/*.test.ts']},
});
