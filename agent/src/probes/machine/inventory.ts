/** What the machine is. Source: a short-lived process that loads the library `systeminformation`. */
import { catalogue, point } from '@vonggac/shared';
import type { RunCommand } from '../../system/run-command.ts';
import { cleanText, quote } from '../clean-text.ts';
import type { Probe } from '../probe.ts';

/** How to start the agent's own program so that it prints the inventory: an absolute path and its arguments. */
export interface InventoryProgram {
  readonly command: string;
  readonly args: readonly string[];
}

/** Fields as in the catalogue; what the machine does not say is undefined. */
export interface Inventory {
  readonly os_name: string | undefined;
  readonly os_version: string | undefined;
  readonly kernel: string | undefined;
  readonly architecture: string | undefined;
  readonly vendor: string | undefined;
  readonly model: string | undefined;
  readonly cpu_model: string | undefined;
  readonly cpu_cores: number | undefined;
  readonly memory_total_bytes: number | undefined;
  readonly virtual: boolean | undefined;
}

/** On an old PC with Windows the library waits for PowerShell a dozen times. */
const timeoutMs = 90_000;
const maxBytes = 16 * 1024;

export function inventoryProbe(program: InventoryProgram, runCommand: RunCommand): Probe {
  return {
    name: 'inventory',
    cadence: catalogue.inventory.cadence,
    shortestGapMs: 60_000,
    atStart: true,
    timeoutMs: timeoutMs + 5_000,
    async collect({ time }, signal) {
      const { stdout } = await runCommand(program.command, program.args, { timeoutMs, maxBytes, signal });
      return { status: 'measured', points: [point('inventory', { time, tags: {}, fields: parseInventory(stdout) })] };
    },
  };
}

/**
 * Takes what the process printed for what it is, a stranger's text: much of it was written by makers of mainboards.
 * Throws when it is no inventory; a single value of the wrong kind is left out.
 */
export function parseInventory(text: string): Inventory {
  const found = parseObject(text);
  const inventory: Inventory = {
    os_name: textOf(found.os_name),
    os_version: textOf(found.os_version),
    kernel: textOf(found.kernel),
    architecture: textOf(found.architecture),
    vendor: textOf(found.vendor),
    model: textOf(found.model),
    cpu_model: textOf(found.cpu_model),
    cpu_cores: countOf(found.cpu_cores),
    memory_total_bytes: countOf(found.memory_total_bytes),
    virtual: typeof found.virtual === 'boolean' ? found.virtual : undefined,
  };
  if (inventory.os_name === undefined) throw new Error(`the inventory names no operating system: ${quote(text)}`);
  return inventory;
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`the inventory is not JSON: ${quote(text)}`, { cause: error });
  }
  if (typeof value !== 'object' || value === null) throw new Error(`the inventory is not an object: ${quote(text)}`);
  return { ...value };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? cleanText(value) || undefined : undefined;
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
