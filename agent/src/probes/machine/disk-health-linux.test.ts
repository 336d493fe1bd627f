import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommandError, type RunCommand } from '../../system/run-command.ts';
import type { ProbeResult } from '../probe.ts';
import { diskHealthProbe } from './disk-health-linux.ts';
import { SampleRoot, sample } from './testing/hardware-samples.ts';

let root: SampleRoot;
let started: string[][];

beforeEach(() => {
  root = new SampleRoot();
  started = [];
  root.write('usr/sbin/smartctl', '');
  for (const disk of ['sda', 'sda1', 'sdb', 'nvme0n1', 'loop0', 'vda', 'dm-0', 'sr0']) {
    root.write(`sys/block/${disk}/size`, '1');
  }
});

afterEach(() => root.remove());

type Said = { readonly stdout: string; readonly exitCode?: number } | Error;

function collect(said: Readonly<Record<string, Said>>): Promise<ProbeResult> {
  const runCommand: RunCommand = async (command, args) => {
    started.push([command, ...args]);
    const answer = said[args.at(-1) ?? ''] ?? new Error('unexpected');
    if (answer instanceof Error) throw answer;
    return { exitCode: 0, stderr: '', ...answer };
  };
  return diskHealthProbe(root.path, runCommand).collect(
    { time: 1, monotonicMs: () => 0 },
    new AbortController().signal,
  );
}

const well = { stdout: sample('smartctl-sata-well.json') };

test('asks each physical disk once, without waking it', async () => {
  const result = await collect({
    '/dev/sda': well,
    '/dev/sdb': { stdout: '', exitCode: 3 },
    '/dev/nvme0n1': { stdout: sample('smartctl-nvme-worn.json') },
  });
  expect(result).toMatchObject({
    status: 'measured',
    points: [
      { tags: { device: 'nvme0n1' }, fields: { failing: false, used_percent: 112, temperature_celsius: 51 } },
      { tags: { device: 'sda' }, fields: { failing: false, pending_sectors: 2, power_on_hours: 21_563 } },
    ],
  });
  expect(result).not.toHaveProperty('incomplete');
  expect(started).toHaveLength(3);
  expect(started[1]).toEqual(['/usr/sbin/smartctl', '--json=c', '--nocheck=standby,3', '-i', '-H', '-A', '/dev/sda']);
});

test('a disk that says it fails', async () => {
  root.remove('sys/block/nvme0n1');
  const failing = { stdout: sample('smartctl-sata-failing.json'), exitCode: 24 };
  expect(await collect({ '/dev/sda': well, '/dev/sdb': failing })).toMatchObject({
    points: [{}, { tags: { device: 'sdb' }, fields: { failing: true, reallocated_sectors: 3_912 } }],
  });
});

test('what nobody could read is unknown, said in the reading and by the probe, and never a disk that is well', async () => {
  const result = await collect({
    '/dev/nvme0n1': new CommandError('x', { failure: 'denied' }),
    '/dev/sda': { stdout: sample('smartctl-denied.json'), exitCode: 2 },
    '/dev/sdb': new CommandError('smartctl did not end within 15000 ms', { failure: 'timeout' }),
  });
  const denied = 'Smartctl open device: /dev/sda failed: Permission denied';
  expect(result).toMatchObject({
    points: [
      { fields: { problem: 'smartctl may not be run' } },
      { fields: { problem: denied } },
      { fields: { problem: 'smartctl did not end within 15000 ms' } },
    ],
    incomplete: `nvme0n1: smartctl may not be run; sda: ${denied}; sdb: smartctl did not end within 15000 ms`,
  });
  expect(JSON.stringify(result)).not.toContain('failing');
});

test('a virtual disk has no health, and is no failure', async () => {
  const virtual = { stdout: sample('smartctl-virtual.json'), exitCode: 4 };
  expect(await collect({ '/dev/sda': virtual, '/dev/sdb': virtual, '/dev/nvme0n1': virtual })).toEqual({
    status: 'measured',
    points: [],
  });
});

test('without smartctl, and without disks, it starts nothing', async () => {
  root.remove('usr/sbin/smartctl');
  expect(await collect({})).toMatchObject({ status: 'not-here', reason: expect.stringContaining('smartmontools') });
  root.remove('sys');
  expect(await collect({})).toEqual({ status: 'not-here', reason: 'no physical disk' });
  expect(started).toEqual([]);
});
