/** One check against servers of the test, as it is made of what a collector or a person names. */
import { parseTarget } from '@vonggac/shared';
import { CommandError, type RunCommand } from '../../../system/run-command.ts';
import { checkTarget } from '../check.ts';
import { CheckFailure } from '../check-failure.ts';
import type { CheckResult, Outside } from '../check-run.ts';
import type { Target } from '../target.ts';
import { TrustedRoots } from '../trusted-roots.ts';

/** Names that the test's machine knows. */
type Names = Readonly<Record<string, readonly string[]>>;

export function testOutside(changes: Partial<Outside> & { names?: Names } = {}): Outside {
  const { names = {}, ...others } = changes;
  return {
    limitMs: 4_000,
    platform: 'linux',
    now: Date.now,
    monotonic: () => performance.now(),
    runCommand: commandMissing,
    resolveName: async (name) => {
      const found = names[name];
      if (!found) throw new CheckFailure('dns', `${name} is not known`);
      return [...found];
    },
    roots: new TrustedRoots(() => []),
    ...others,
  };
}

const commandMissing: RunCommand = (command) =>
  Promise.reject(new CommandError(`${command} is not there`, { failure: 'not-found' }));

export function targetOf(url: string, changes: Partial<Target> = {}): Target {
  return { id: 'x', scope: 'wan', every: 15, address: parseTarget(url), anyAddress: true, ...changes };
}

export function checkUrl(
  url: string,
  options: { target?: Partial<Target>; outside?: Outside; signal?: AbortSignal } = {},
): Promise<CheckResult> {
  const { target, outside = testOutside(), signal = new AbortController().signal } = options;
  return checkTarget(targetOf(url, target), outside, signal);
}
