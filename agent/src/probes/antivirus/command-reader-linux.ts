/** Products on Linux whose own program says their state. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CommandResult, RunCommand } from '../../system/run-command.ts';
import type { OpenHook, ProcessesLinux, RunningProcess } from './processes-linux.ts';
import type { AntivirusReader, ProductStatus } from './product-status.ts';
import { failedRead } from './read-failure.ts';

/** What the product says; undefined fields are not known. */
export type Reading = Omit<Partial<ProductStatus>, 'product'>;

/** Runs a program by its path, in the product's folder unless it is absolute. */
export type Ask = (program: string, ...args: readonly string[]) => Promise<CommandResult>;

export interface CommandProduct {
  readonly product: string;
  readonly name: string;
  /** Where it is installed: no such folder, no product. */
  readonly folder: string;
  /** The service's name in the list of processes, where it is certain; else any program in the folder counts. */
  readonly service?: string;
  /** Exit codes that come with output worth reading. */
  readonly exitCodes?: readonly number[];
  /** Undefined when it has no program that says its state. Throws when the output makes no sense. */
  readonly read?: (ask: Ask) => Promise<Reading>;
}

export interface LinuxMachine {
  /** The folder that stands for `/`. */
  readonly root: string;
  readonly processes: ProcessesLinux;
  readonly runCommand: RunCommand;
  readonly monotonic: () => number;
}

/** Each start costs up to half a second of an old processor. */
const everyMs = 900_000;
const timeoutMs = 15_000;
const maxBytes = 256 * 1024;

export function commandReader(product: CommandProduct, machine: LinuxMachine): AntivirusReader {
  let last: { readonly time: number; readonly service: number | undefined; readonly reading: Reading } | undefined;
  return {
    name: product.product,
    isPresent: () => existsSync(join(machine.root, product.folder)),
    async read(_context, signal) {
      const { service, isRunning, hook } = seen(product, { processes: machine.processes, known: last?.service });
      const now = machine.monotonic();
      // A service that was stopped or started anew makes what was read before worthless.
      if (!last || now - last.time >= everyMs || last.service !== service?.pid) {
        last = { time: now, service: service?.pid, reading: await ask(product, { machine, signal }) };
      }
      return [statusOf(product, { reading: last.reading, isRunning, hook })];
    },
  };
}

function seen(
  { folder, service }: CommandProduct,
  { processes, known }: { processes: ProcessesLinux; known: number | undefined },
): { service: RunningProcess | undefined; isRunning: boolean | undefined; hook: OpenHook | undefined } {
  const own = processes.of(folder);
  const running = service === undefined ? own : processes.named(service);
  const isKnown = service !== undefined || running.length > 0 || processes.seesPrograms();
  // A program of it that runs for a moment is not taken for the service that was there before.
  const same = running.find(({ pid }) => pid === known);
  return {
    service: same ?? running[0],
    isRunning: isKnown ? running.length > 0 : undefined,
    hook: processes.openHook(own),
  };
}

async function ask(
  product: CommandProduct,
  { machine, signal }: { machine: LinuxMachine; signal: AbortSignal },
): Promise<Reading> {
  if (!product.read) return { readState: 'unsupported', problem: 'present, but nothing says its state' };
  const exitCodes = product.exitCodes ?? [0];
  const run: Ask = (program, ...args) =>
    machine.runCommand(resolve(product.folder, program), args, { timeoutMs, maxBytes, exitCodes, signal });
  try {
    return { readState: 'ok', ...(await product.read(run)) };
  } catch (error) {
    signal.throwIfAborted();
    return failedRead(error);
  }
}

/** What can be seen now goes over what the product said up to a quarter of an hour ago. */
export function statusOf(
  { product, name, folder }: Pick<CommandProduct, 'product' | 'name' | 'folder'>,
  found: { reading: Reading; isRunning: boolean | undefined; hook: OpenHook | undefined },
): ProductStatus {
  const { reading, isRunning, hook } = found;
  const isHooked = hook === 'prevents';
  const status = { name, source: folder, readState: 'ok', ...reading, product, running: isRunning } as const;
  if (isRunning === false) return { ...status, realtime: false, mode: 'not_running' };
  // A product with a kernel module of its own does not show here, so that no hook says nothing.
  const realtime = reading.realtime ?? (isHooked ? true : undefined);
  const mode = realtime === undefined ? undefined : realtime ? 'active' : 'disabled';
  return { ...status, realtime, mode: reading.mode ?? mode, ...(isHooked && { realtimeProven: true }) };
}
