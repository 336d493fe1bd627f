import type { Arguments } from './command.ts';

const everyMs = 200;

export interface Progress {
  readonly show: (done: number, total: number) => void;
  /** Takes the line away. */
  readonly clear: () => void;
}

/** One line on a terminal that says how far a long command is; nothing for programs and files. */
export function createProgress({ json }: Pick<Arguments, 'json'>, what: string): Progress {
  const isShown = !json && process.stderr.isTTY === true;
  let last = 0;
  return {
    show(done, total) {
      if (!isShown || Date.now() - last < everyMs) return;
      last = Date.now();
      const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
      process.stderr.write(`\r${percent} % of ${Math.ceil(total / 1e6)} MB ${what}\x1b[K`);
    },
    clear() {
      if (last > 0) process.stderr.write('\r\x1b[K');
    },
  };
}

/** The same for a command whose steps have names; each takes the place of the one before. */
export function createStepProgress({ json }: Pick<Arguments, 'json'>): {
  readonly show: (step: string) => void;
  readonly clear: () => void;
} {
  const isShown = !json && process.stderr.isTTY === true;
  return {
    show(step) {
      if (isShown) process.stderr.write(`\r${step}\x1b[K`);
    },
    clear() {
      if (isShown) process.stderr.write('\r\x1b[K');
    },
  };
}
