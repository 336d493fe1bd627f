/** What every command of `vonggac-agent` shares. */
import type { AgentConfig } from '../config.ts';
import type { Texts } from '../texts.ts';

/** Exit codes of both programs. */
export const exitCodes = { done: 0, failed: 1, usage: 2, notReachable: 3 } as const;

export interface CommandContext {
  readonly positionals: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly json: boolean;
  readonly texts: Texts;
  readonly config: AgentConfig;
  /** Absolute path of the running program, to start it again as a short-lived process. */
  readonly program: string;
}

/** A message for a person and the exit code that goes with it. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Controls of a terminal, line separators, marks that turn the direction of writing: names and errors may hold some. */
const unfitForTerminal = /(?!\n)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Prints `value` for a program, or `text` for a person. */
export function print(context: CommandContext, output: { value: unknown; text: string }): void {
  const text = output.text.replace(unfitForTerminal, '\ufffd');
  process.stdout.write(context.json ? `${JSON.stringify(output.value)}\n` : `${text}\n`);
}
