/**
 * Ends a test run with one line that any program can read: `N passed, N failed`. Before it stand the tests that passed
 * only when they were repeated: a repetition is told, never hidden.
 */
import type { Reporter, TestModule } from 'vitest/node';

export class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    let skipped = 0;
    const repeated: string[] = [];
    for (const module of modules) {
      // A file that cannot be loaded has no tests to count.
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (test.diagnostic()?.flaky) repeated.push(`${module.relativeModuleId} > ${test.fullName}`);
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else skipped += 1;
      }
    }
    if (repeated.length > 0) process.stdout.write(`\npassed only when repeated:\n  ${repeated.join('\n  ')}\n`);
    process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  }
}
