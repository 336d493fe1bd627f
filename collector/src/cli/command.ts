/** What every command of `vonggac` shares: flags, output for people and programs, exit codes. */
import { parseArgs } from 'node:util';
import { type Config, loadConfig } from '../config.ts';

/** Exit codes of both programs. */
export const exitCodes = { done: 0, failed: 1, usage: 2, notReachable: 3 } as const;

export interface Command {
  /** How it is called, after `vonggac `. */
  readonly usage: string;
  readonly summary: string;
  /** Returns the exit code. Throws UsageError, ConfigError or what went wrong. */
  run(args: readonly string[]): Promise<number>;
}

/** The command was called wrongly; the message says how. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Something is not there or not allowed; the message says what to do. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
}

type FlagTypes = Readonly<Record<string, 'string' | 'boolean'>>;

/** Flags that every command takes, with the setting they stand for. */
const settings: Readonly<Record<string, string>> = {
  data: 'data',
  'console-port': 'console.port',
  'console-host': 'console.host',
  'agents-port': 'agents.port',
  'agents-host': 'agents.host',
};

export interface Arguments {
  readonly positionals: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly json: boolean;
  readonly config: Config;
}

/** Reads the arguments of a command and the configuration. Throws UsageError and ConfigError. */
export function readArguments(args: readonly string[], options: { usage: string; flags?: FlagTypes }): Arguments {
  const types: Record<string, { type: 'string' | 'boolean' }> = {
    json: { type: 'boolean' },
    config: { type: 'string' },
  };
  for (const name of Object.keys(settings)) types[name] = { type: 'string' };
  for (const [name, type] of Object.entries(options.flags ?? {})) types[name] = { type };
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options: types, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nusage: vonggac ${options.usage}`);
  }
  const overrides: Record<string, unknown> = {};
  for (const [flag, path] of Object.entries(settings)) {
    const value = parsed.values[flag];
    if (typeof value === 'string') overrides[path] = flag.endsWith('-port') ? Number(value) : value;
  }
  const file = parsed.values.config ?? process.env.VONGGAC_CONFIG;
  const config = loadConfig({
    file: typeof file === 'string' ? file : undefined,
    environment: process.env,
    flags: overrides,
  });
  // What people read is by the province's clock, whatever that of this machine.
  process.env.TZ = config.calendar.time_zone;
  return {
    positionals: parsed.positionals,
    flags: parsed.values as Arguments['flags'],
    json: parsed.values.json === true,
    config,
  };
}

/** A flag that must be there. */
export function required(args: Arguments, name: string): string {
  const value = args.flags[name];
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${name} is missing`);
  return value;
}

/** `90s`, `10m`, `24h`, `7d` in milliseconds. Throws UsageError. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h|d)$/.exec(text);
  const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  const unit = units[match?.[2] ?? ''];
  if (!match?.[1] || unit === undefined) throw new UsageError(`"${text}" is not a duration: write 30s, 10m, 24h or 7d`);
  return Number(match[1]) * unit;
}

/** Prints `value` for a program, or `text` for a person. */
export function print(args: Arguments, output: { value: unknown; text: string }): void {
  process.stdout.write(args.json ? `${JSON.stringify(output.value)}\n` : `${output.text}\n`);
}

/** Text from a machine, fit for a terminal: without controls, line separators and marks of direction. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '\ufffd');
}

/** Columns as wide as their widest cell. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows].map((row) => row.map(plain));
  const widths = header.map((_, column) => Math.max(...all.map((row) => [...(row[column] ?? '')].length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Date and time of the province to the second. */
export function localTime(ms: number | undefined): string {
  if (ms === undefined) return '-';
  return new Date(ms).toLocaleString('sv-SE');
}
