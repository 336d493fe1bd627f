import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  logLevel: 'warn',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Everything is a file of its own: the page's policy allows no code and no picture inside the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
