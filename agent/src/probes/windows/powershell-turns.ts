/**
 * The agent's only way to PowerShell, which costs an old PC seconds: one start in fifteen minutes, whichever of the two
 * scripts it is for and however it ended.
 */
import { win32 } from 'node:path';
import type { RunCommand } from '../../system/run-command.ts';
import { type Fields, parseAnswer } from './script-answer.ts';
import { protectionScript, updatesScript } from './scripts.ts';

const minute = 60_000;
const gapMs = 15 * minute;
/** Twice a day. */
const updatesEveryMs = 12 * 60 * minute;
/** How long updates may keep the turn from the state of the protection. */
const longestMs = 30 * minute;
const maxBytes = 256 * 1_024;

const scripts = {
  protection: { text: protectionScript, timeoutMs: 50_000 },
  // Windows Update reads its whole data base, on a hard disk.
  updates: { text: updatesScript, timeoutMs: 110_000 },
} as const;

export type ScriptName = keyof typeof scripts;

/** What a script said last, and when; `error` when its last run failed. */
export interface ScriptAnswer {
  readonly fields: Fields | undefined;
  readonly error: unknown;
}

interface Run {
  readonly startedAt: number;
  readonly answer: Promise<ScriptAnswer>;
}

export class PowershellTurns {
  readonly #options: { runCommand: RunCommand; systemRoot: string; monotonic: () => number };
  readonly #last: Partial<Record<ScriptName, Run>> = {};
  #lastStart = Number.NEGATIVE_INFINITY;
  #wantsUpdates = false;

  constructor(options: { runCommand: RunCommand; systemRoot: string; monotonic: () => number }) {
    this.#options = options;
  }

  /** The last answer, a new one when it is due; undefined while there is none and it is not this script's turn. */
  async ask(name: ScriptName, signal: AbortSignal): Promise<ScriptAnswer | undefined> {
    if (name === 'updates') this.#wantsUpdates = true;
    const now = this.#options.monotonic();
    if (this.#isDue(name, now) && now - this.#lastStart >= gapMs) {
      this.#lastStart = now;
      this.#last[name] = { startedAt: now, answer: this.#run(name, signal) };
    }
    return this.#last[name]?.answer;
  }

  #isDue(name: ScriptName, now: number): boolean {
    const age = now - (this.#last[name]?.startedAt ?? Number.NEGATIVE_INFINITY);
    if (name === 'updates') return age >= updatesEveryMs && this.#last.protection !== undefined;
    const yields = this.#wantsUpdates && this.#isDue('updates', now) && age < longestMs;
    return age >= gapMs && !yields;
  }

  async #run(name: ScriptName, signal: AbortSignal): Promise<ScriptAnswer> {
    const { runCommand, systemRoot } = this.#options;
    const program = win32.join(systemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
    const { text, timeoutMs } = scripts[name];
    const args = ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', text];
    try {
      const { stdout } = await runCommand(program, args, { timeoutMs, maxBytes, signal });
      return { fields: parseAnswer(stdout), error: undefined };
    } catch (error) {
      return { fields: undefined, error };
    }
  }
}
