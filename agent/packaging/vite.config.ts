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
      // One letter beyond ASCII in it, and V8 keeps the whole source with two bytes a letter.
      name: 'escape-to-ascii',
      generateBundle(_options, bundle) {
        for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = escapeToAscii(file.code);
      },
    },
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
      // What is shared with the collector only declares; what of it the agent does not use, such as the alert rules, goes.
      treeshake: { moduleSideEffects: (id) => !id.includes('/shared/src/') },
      output: { format: 'cjs', entryFileNames: 'vonggac-agent.cjs', chunkFileNames: '[name].cjs' },
    },
  },
});

/** Means the same in string, template and regular expression; nothing of ours is a raw template. */
function escapeToAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
