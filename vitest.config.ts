import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { TallyReporter } from './tests/harness/tally-reporter.ts';

export default defineConfig({
  test: {
    reporters: ['default', new TallyReporter()],
    projects: [
      {
        test: {
          name: 'unit',
          // Vitest leaves one processor free, which on two would be half of the machine.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
          // Unit tests keep no state in modules; loading them once for all files saves half of the time.
          isolate: false,
          // Far more than any takes; a busy machine may hold one up for seconds.
          testTimeout: 30_000,
          include: [
            '{agent,collector,shared,dashboards}/**/*.test.{ts,tsx}',
            'tests/*.test.ts',
            'tests/golden/*.test.ts',
            'tests/fuzz/*.test.ts',
            'tests/chaos/*.test.ts',
          ],
          setupFiles: ['tests/harness/no-console.ts', 'tests/harness/fast-folders.ts'],
        },
      },
      {
        test: {
          name: 'system',
          // They wait for processes more than they compute.
          maxWorkers: Math.ceil(1.5 * availableParallelism()),
          sequence: { groupOrder: 1 },
          include: ['tests/{system,browser}/**/*.test.ts'],
          // Real processes on a busy machine: what fails once is tried once more, and the tally names it.
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
