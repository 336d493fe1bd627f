/**
 * The short-lived process behind the probe `inventory`: the only place that loads `systeminformation`, which starts
 * about twenty programs and had command injections from host data (CVE-2026-44724, CVE-2026-50289). Only functions
 * that build no command from what they found are called; never networkInterfaces, versions, wifi*, process* or docker*.
 */
import { totalmem } from 'node:os';
import { cpu, osInfo, type Systeminformation, system } from 'systeminformation';
import type { Inventory } from './inventory.ts';

/** What the library writes where it knows nothing. */
const placeholders = new Set(['', '-', 'unknown', 'Computer', 'Docker Container']);

/** Writes the inventory as one line of JSON. */
export async function printInventory(write: (line: string) => void): Promise<void> {
  const found = { os: await osInfo(), machine: await system(), processor: await cpu(), memoryBytes: totalmem() };
  write(`${JSON.stringify(toInventory(found))}\n`);
}

export function toInventory(found: {
  os: Pick<Systeminformation.OsData, 'distro' | 'release' | 'kernel' | 'arch'>;
  machine: Pick<Systeminformation.SystemData, 'manufacturer' | 'model' | 'virtual'>;
  processor: Pick<Systeminformation.CpuData, 'manufacturer' | 'brand' | 'flags' | 'physicalCores'>;
  memoryBytes: number;
}): Inventory {
  const { os, machine, processor } = found;
  return {
    os_name: known(os.distro),
    os_version: known(os.release),
    kernel: known(os.kernel),
    architecture: known(os.arch),
    vendor: known(machine.manufacturer),
    model: known(machine.model),
    cpu_model: known([known(processor.manufacturer), known(processor.brand)].filter(Boolean).join(' ')),
    cpu_cores: processor.physicalCores,
    memory_total_bytes: found.memoryBytes,
    virtual: isVirtual(machine, processor),
  };
}

/**
 * On x86 under Linux the processor itself says that it is virtual. Without that and without a name of the machine to
 * judge by, nothing is known.
 */
function isVirtual(
  machine: Pick<Systeminformation.SystemData, 'model' | 'virtual'>,
  processor: Pick<Systeminformation.CpuData, 'flags'>,
): boolean | undefined {
  if (machine.virtual || processor.flags.split(' ').includes('hypervisor')) return true;
  return known(machine.model) === undefined ? undefined : false;
}

function known(text: string): string | undefined {
  return placeholders.has(text.trim()) ? undefined : text;
}
