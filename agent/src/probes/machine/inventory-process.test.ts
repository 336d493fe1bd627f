import { release, totalmem } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../system/run-command.ts';
import { inventoryProbe } from './inventory.ts';
import { toInventory } from './inventory-process.ts';

const server = {
  os: { distro: 'Ubuntu', release: '24.04.1 LTS', kernel: '6.8.0-45-generic', arch: 'x64' },
  machine: { manufacturer: 'Dell Inc.', model: 'PowerEdge R740', virtual: false },
  processor: { manufacturer: 'Intel', brand: 'Xeon® Silver 4210', flags: 'fpu vme sse', physicalCores: 10 },
  memoryBytes: 34_359_738_368,
};

describe('toInventory', () => {
  it('names a server', () => {
    expect(toInventory(server)).toEqual({
      os_name: 'Ubuntu',
      os_version: '24.04.1 LTS',
      kernel: '6.8.0-45-generic',
      architecture: 'x64',
      vendor: 'Dell Inc.',
      model: 'PowerEdge R740',
      cpu_model: 'Intel Xeon® Silver 4210',
      cpu_cores: 10,
      memory_total_bytes: 34_359_738_368,
      virtual: false,
    });
  });

  it.each(['Computer', 'Docker Container', ''])('leaves out the placeholder %j where there is no DMI', (model) => {
    const found = toInventory({ ...server, machine: { manufacturer: '', model, virtual: false } });
    expect(found).toMatchObject({ vendor: undefined, model: undefined, virtual: undefined });
  });

  it('leaves out a processor that is not known', () => {
    const processor = { ...server.processor, manufacturer: 'unknown', brand: 'unknown' };
    expect(toInventory({ ...server, processor }).cpu_model).toBeUndefined();
  });

  it('believes a processor that says it is virtual', () => {
    const processor = { ...server.processor, flags: 'fpu hypervisor sse' };
    expect(toInventory({ ...server, processor }).virtual).toBe(true);
  });
});

describe('printInventory', () => {
  it('lets a process of its own tell what this machine is', { timeout: 60_000 }, async () => {
    const module = JSON.stringify(join(import.meta.dirname, 'inventory-process.ts'));
    const script = `import(${module}).then((m) => m.printInventory((line) => process.stdout.write(line)))`;
    const probe = inventoryProbe({ command: process.execPath, args: ['--eval', script] }, runCommand);
    const result = await probe.collect({ time: 1, monotonicMs: () => 0 }, new AbortController().signal);
    expect(result).toMatchObject({
      status: 'measured',
      points: [{ fields: { os_name: expect.any(String), kernel: release(), memory_total_bytes: totalmem() } }],
    });
  });
});
