import { describe, expect, it } from 'vitest';
import { fixture } from '../../../../tests/golden/fixture-machine.ts';
import { CommandError, type RunCommand } from '../../system/run-command.ts';
import { inventoryProbe, parseInventory } from './inventory.ts';

function parse(value: unknown) {
  return parseInventory(JSON.stringify(value));
}

describe('parseInventory', () => {
  it('reads a captured line', () => {
    expect(parseInventory(fixture('inventory.json'))).toEqual({
      os_name: 'Debian GNU/Linux',
      os_version: '12',
      kernel: '6.18.44',
      architecture: 'x64',
      vendor: undefined,
      model: undefined,
      cpu_model: 'Intel Xeon® Processor',
      cpu_cores: 2,
      memory_total_bytes: 25_276_510_208,
      virtual: true,
    });
  });

  it('makes printable, short text of what a mainboard says', () => {
    const { vendor, model } = parse({ os_name: 'x', vendor: '\u001b[2J Dell\u0000 Inc.\n', model: 'X'.repeat(10_000) });
    expect(vendor).toBe('[2J Dell  Inc.');
    expect(model).toHaveLength(256);
  });

  it('leaves out values of the wrong kind', () => {
    const nonsense = { os_name: 'x', kernel: 6, vendor: '   ', model: ['a'], cpu_cores: '4', virtual: 1 };
    const numbers = { memory_total_bytes: -1 };
    expect(parse({ ...nonsense, ...numbers, unknown_key: 'y' })).toEqual({
      os_name: 'x',
      os_version: undefined,
      kernel: undefined,
      architecture: undefined,
      vendor: undefined,
      model: undefined,
      cpu_model: undefined,
      cpu_cores: undefined,
      memory_total_bytes: undefined,
      virtual: undefined,
    });
    expect(parse({ os_name: 'x', cpu_cores: 2.5 }).cpu_cores).toBeUndefined();
  });

  it.each(['', 'Segmentation fault', '{"os_name":"Deb', 'null', '42', '[]', '{}', '{"os_name":""}'])(
    'throws at %j',
    (text) => {
      expect(() => parseInventory(text)).toThrow(/^the inventory /);
    },
  );
});

describe('inventoryProbe', () => {
  const program = { command: '/usr/bin/vonggac-agent', args: ['inventory'] };
  const context = { time: 5, monotonicMs: () => 0 };
  const { signal } = new AbortController();

  it('runs the program with a limit on time and output', async () => {
    const calls: unknown[] = [];
    const runCommand: RunCommand = async (...call) => {
      calls.push(call);
      return { exitCode: 0, stdout: fixture('inventory.json'), stderr: '' };
    };
    const result = await inventoryProbe(program, runCommand).collect(context, signal);
    expect(calls).toEqual([['/usr/bin/vonggac-agent', ['inventory'], { timeoutMs: 90_000, maxBytes: 16_384, signal }]]);
    expect(result).toMatchObject({ points: [{ measurement: 'inventory', time: 5, fields: { cpu_cores: 2 } }] });
  });

  it('fails when the program does', async () => {
    const late = new CommandError('did not end', { failure: 'timeout' });
    const probe = inventoryProbe(program, () => Promise.reject(late));
    await expect(probe.collect(context, signal)).rejects.toBe(late);
  });
});
