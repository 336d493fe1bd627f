/** What `npm run chaos` is told. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { StoreKind } from './system.ts';

const usage = [
  'usage: npm run chaos -- [--minutes N] [--seed S] [--agents N] [--store influx|sqlite] [--json]',
  '       npm run chaos -- --peers [--seeds N] [--seed S] [--json]',
].join('\n');

/** The command was called wrongly; the message says how it is called. */
export class UsageError extends Error {
  constructor(problem: string) {
    super(`${problem}\n${usage}`);
  }
}

const fewestAgents = 5;
const mostAgents = 200;
const defaults = { minutes: 3, agents: 20, seeds: 20 } as const;

const options = {
  minutes: { type: 'string' },
  seed: { type: 'string' },
  agents: { type: 'string' },
  store: { type: 'string' },
  peers: { type: 'boolean' },
  seeds: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export interface Flags {
  readonly minutes: number;
  readonly seed: number;
  readonly agents: number;
  readonly stores: readonly StoreKind[];
  readonly isPeers: boolean;
  readonly seeds: number;
  readonly isJson: boolean;
}

/** Throws UsageError. */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parse(args);
  return {
    minutes: numberOf('minutes', values.minutes ?? `${defaults.minutes}`, { least: 0.1, most: 10_000 }),
    seed: wholeNumberOf('seed', values.seed ?? `${randomInt(2 ** 32)}`, { least: 0, most: 2 ** 32 - 1 }),
    agents: wholeNumberOf('agents', values.agents ?? `${defaults.agents}`, { least: fewestAgents, most: mostAgents }),
    stores: storesOf(values.store),
    isPeers: values.peers === true,
    seeds: wholeNumberOf('seeds', values.seeds ?? `${defaults.seeds}`, { least: 1, most: mostAgents }),
    isJson: values.json === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

function numberOf(name: string, text: string, { least, most }: Bounds): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name} "${text}": expected a number from ${least} to ${most}`);
}

function wholeNumberOf(name: string, text: string, bounds: Bounds): number {
  const value = numberOf(name, text, bounds);
  if (Number.isInteger(value)) return value;
  throw new UsageError(`--${name} "${text}": expected a whole number`);
}

function storesOf(text: string | undefined): readonly StoreKind[] {
  if (text === 'influx' || text === 'sqlite') return [text];
  if (text !== undefined) throw new UsageError(`--store "${text}": expected influx or sqlite`);
  return ['influx', 'sqlite'];
}
