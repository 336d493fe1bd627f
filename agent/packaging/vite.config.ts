/**
 * The agent as it is installed: one CommonJS file, and beside it those that only some commands load. CommonJS because
 * Node needs 3 MB less for it than for ES modules; one file because each module costs.
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  logLevel: 'warn',
  plugins: [
    {
      // How to start the program; whoever starts it reads this: services, `vonggac start`, the tests.
      name: 'copy-launch-settings',
      closeBundle: () =>
        copyFileSync(join(import.meta.dirname, 'launch.json'), join(import.meta.dirname, '../dist/launch.json')),
    },
  ],
  ssr: { noExternal: true },
  build: {
    ssr: '../src/main.ts',
    target: 'node24',
    outDir: '../dist',
    emptyOutDir: true,
    minify: true,
    rolldownOptions: {
      // Optional native helpers of ws, which it does without.
      external: ['bufferutil', 'utf-8-validate'],
      output: { format: 'cjs', entryFileNames: 'vonggac-agent.cjs', chunkFileNames: '[name].cjs' },
    },
  },
});
