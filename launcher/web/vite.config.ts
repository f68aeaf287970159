// SPDX-License-Identifier: LGPL-2.1-or-later
import vue from '@vitejs/plugin-vue';
import {defineConfig} from 'vitest/config';

// The files are compiled into steg-launch under fixed names (page.gresource.xml); the server gives each an ETag.
export default defineConfig({
  plugins: [vue()],
  // A reverse proxy may serve the page under a path of its own.
  base: './',
  define: {__VUE_OPTIONS_API__: false},
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
