import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CommandError, type RunCommand } from '../../system/run-command.ts';
import { commandReader } from './command-reader-linux.ts';
import { DpkgStatus } from './dpkg-status.ts';
import { genericReader } from './generic-linux.ts';
import { kesl } from './kesl.ts';
import { keslDetections } from './kesl-detections.ts';
import { ProcessesLinux } from './processes-linux.ts';
import type { MalwareDetection } from './product-status.ts';
import { sophosProducts } from './sophos-linux.ts';
import { FakeLinux, marks } from './testing/fake-linux.ts';

const folder = join(import.meta.dirname, '../../../../tests/fixtures/antivirus/linux');
const sample = (name: string) => readFileSync(join(folder, name), 'utf8');
const signal = new AbortController().signal;

let linux: FakeLinux;
let processes: ProcessesLinux;
let monotonic: number;
let started: string[];
let output: string | CommandError;
let exitCode: number;

const runCommand: RunCommand = async (command, args) => {
  started.push([command, ...args].join(' '));
  if (output instanceof CommandError) throw output;
  return { exitCode, stdout: output, stderr: '' };
};

beforeEach(() => {
  linux = new FakeLinux();
  monotonic = 0;
  started = [];
  output = sample('kesl-app-info-12-en.txt');
  exitCode = 0;
  processes = new ProcessesLinux(linux.root, () => monotonic);
});
afterEach(() => linux.close());

describe('processes', () => {
  test('by name, also one longer than the kernel keeps, and by the folder of the program', () => {
    linux.run(10, { name: 'clamd' });
    linux.run(11, { name: 'sophos_threat_d', program: '/opt/sophos-spl/plugins/av/sbin/sophos_threat_detector' });
    expect(processes.named('clamd')).toEqual([{ pid: 10, name: 'clamd' }]);
    expect(processes.named('sophos_threat_detector').map(({ pid }) => pid)).toEqual([11]);
    expect(processes.of('/opt/sophos-spl').map(({ pid }) => pid)).toEqual([11]);
    expect(processes.of('/opt/sophos')).toEqual([]);
  });

  test('read once a second at most', () => {
    expect(processes.all()).toEqual([]);
    linux.run(10, { name: 'clamd' });
    expect(processes.all()).toEqual([]);
    monotonic += 1_000;
    expect(processes.all()).toHaveLength(1);
    linux.end(10);
    expect(processes.ageSeconds({ pid: 10, name: 'clamd' })).toBeUndefined();
  });

  test('and their age, whatever their name', () => {
    linux.run(10, { name: 'a) S 1 (b', ageSeconds: 30 });
    expect(processes.ageSeconds({ pid: 10, name: '' })).toBe(30);
  });

  test.each([
    ['captured', sample('fdinfo-fanotify.txt'), 'prevents'],
    ['marks that forbid', marks.prevents, 'prevents'],
    ['marks that tell', marks.watches, 'watches'],
    ['no fanotify', 'pos:\t0\nflags:\t02\n', 'none'],
    ['marks of removed files', 'fanotify ino:1 sdev:1 mflags:0 mask:400 ignored_mask:0\n', 'none'],
    ['nonsense', 'fanotify mask:zzz\nmask:30000\n', 'none'],
  ])('what they hear of opened files: %s', (_name, fdinfo, expected) => {
    linux.run(10, { name: 'clamonacc', fdinfo });
    expect(processes.openHook(processes.all())).toBe(expected);
  });

  test('whose descriptors cannot be listed: unknown', () => {
    linux.run(10, { name: 'clamonacc' });
    linux.remove('proc/10/fdinfo');
    linux.write('proc/10/fdinfo', '');
    expect(processes.openHook([{ pid: 10, name: 'clamonacc' }])).toBeUndefined();
  });
});

describe('packages of Debian', () => {
  test('installed ones, with the version that their maker gives', () => {
    const dpkg = new DpkgStatus(linux.root);
    expect(dpkg.version('clamav')).toBeUndefined();
    linux.write(
      'var/lib/dpkg/status',
      [
        'Package: clamav-daemon\nStatus: install ok installed\nVersion: 1.4.3+dfsg-1~deb12u1\nDescription: x\n y\n',
        'Package: clamav\nStatus: deinstall ok config-files\nVersion: 1.0.0\n',
        'Package: bkav-endpoint\nStatus: install ok installed\nVersion: 2:8.1.2-3\n',
      ].join('\n'),
    );
    expect(dpkg.version('clamav', 'clamav-daemon')).toBe('1.4.3');
    expect(dpkg.find(/^bkav/)).toEqual({ name: 'bkav-endpoint', version: '8.1.2' });
    expect(dpkg.find(/^clamav$/)).toBeUndefined();
  });
});

describe('a product with a program', () => {
  const machine = () => ({ root: linux.root, processes, runCommand, monotonic: () => monotonic });
  const context = { time: 0, monotonicMs: () => monotonic };
  const keslRuns = () => linux.run(20, { name: 'kesl', program: '/opt/kaspersky/kesl/libexec/kesl' });

  test('is present by its folder, without a program being started', () => {
    const reader = commandReader(kesl, machine());
    expect(reader.isPresent()).toBe(false);
    linux.write('opt/kaspersky/kesl/bin/kesl-control', '');
    expect(reader.isPresent()).toBe(true);
    expect(started).toEqual([]);
  });

  test('is asked every 15 minutes; in between what can be seen is looked at', async () => {
    keslRuns();
    const reader = commandReader(kesl, machine());
    expect(await reader.read(context, signal)).toMatchObject([
      { product: 'kesl', readState: 'ok', version: '12.3.0.1162', running: true, realtime: true, mode: 'active' },
    ]);
    for (let minute = 1; minute < 15; minute += 1) {
      monotonic += 60_000;
      await reader.read(context, signal);
    }
    expect(started).toEqual(['/opt/kaspersky/kesl/bin/kesl-control --app-info']);
    monotonic += 60_000;
    await reader.read(context, signal);
    expect(started).toHaveLength(2);
  });

  test('that is stopped protects nothing, at once; when it runs again it is asked anew', async () => {
    keslRuns();
    const reader = commandReader(kesl, machine());
    await reader.read(context, signal);
    linux.end(20);
    monotonic += 60_000;
    exitCode = 64;
    output = '';
    expect(await reader.read(context, signal)).toMatchObject([
      { readState: 'ok', running: false, realtime: false, mode: 'not_running' },
    ]);
    linux.run(21, { name: 'kesl', program: '/opt/kaspersky/kesl/libexec/kesl' });
    monotonic += 60_000;
    exitCode = 0;
    output = sample('kesl-app-info-12-en.txt');
    expect(await reader.read(context, signal)).toMatchObject([{ running: true, realtime: true }]);
    expect(started).toHaveLength(3);
  });

  test('that says its protection is off by its exit code is believed', async () => {
    keslRuns();
    exitCode = 65;
    expect(await commandReader(kesl, machine()).read(context, signal)).toMatchObject([
      { realtime: false, mode: 'disabled' },
    ]);
  });

  test.each([
    [new CommandError('it did not end', { failure: 'timeout' }), 'timeout'],
    [new CommandError('no permission', { failure: 'denied' }), 'denied'],
    [new CommandError('it failed', { failure: 'failed', exitCode: 1 }), 'error'],
    ['garbage', 'error'],
  ] as const)('that gives %s: what is not known stays unknown', async (answer, readState) => {
    keslRuns();
    output = answer;
    const [status] = await commandReader(kesl, machine()).read(context, signal);
    expect(status).toMatchObject({ product: 'kesl', readState, running: true, problem: expect.any(String) });
    expect(status?.realtime).toBeUndefined();
    expect(status?.mode).toBeUndefined();
  });

  test('and the kernel says that it forbids: proven', async () => {
    linux.run(20, { name: 'kesl', program: '/opt/kaspersky/kesl/libexec/kesl', fdinfo: marks.prevents });
    expect(await commandReader(kesl, machine()).read(context, signal)).toMatchObject([{ realtimeProven: true }]);
  });

  test('without one: what the kernel says is all', async () => {
    const [spl] = sophosProducts;
    if (!spl) throw new Error('no product');
    const program = '/opt/sophos-spl/plugins/av/sbin/soapd';
    linux.run(30, { name: 'soapd', program });
    const reader = commandReader(spl, machine());
    const [unknown] = await reader.read(context, signal);
    expect(unknown).toMatchObject({ product: 'sophos', readState: 'unsupported', running: true });
    expect(unknown?.realtime).toBeUndefined();
    linux.write('proc/30/fdinfo/4', marks.prevents);
    expect(await reader.read(context, signal)).toMatchObject([
      { realtime: true, realtimeProven: true, mode: 'active' },
    ]);
    expect(started).toEqual([]);
  });
});

describe('products that nothing is known of', () => {
  const find = () => {
    monotonic += 60_000;
    const reader = genericReader({ root: linux.root, processes, dpkg: new DpkgStatus(linux.root) });
    return reader.read({ time: 0, monotonicMs: () => monotonic }, signal);
  };

  test('none', async () => expect(await find()).toEqual([]));

  test('by a folder, with the version of its package and whether one of its programs runs', async () => {
    linux.write('opt/Bkav/agent/bkavd', '');
    linux.write('var/lib/dpkg/status', 'Package: bkav-agent\nStatus: install ok installed\nVersion: 8.1.2-3\n');
    const known = {
      product: 'bkav',
      name: 'Bkav',
      readState: 'unsupported',
      version: '8.1.2',
      source: '/opt/Bkav',
      problem: 'present, but nothing says its state; recognised by a name that was not checked on a real machine',
    };
    expect(await find()).toMatchObject([{ ...known, running: false, realtime: false }]);
    linux.run(40, { name: 'agentd', program: '/opt/Bkav/agent/agentd' });
    const [running] = await find();
    expect(running).toMatchObject({ ...known, running: true });
    expect(running?.realtime).toBeUndefined();
  });

  test.each([
    ['etc/systemd/system/cmc-endpoint.service', 'cmc'],
    ['usr/lib/systemd/system/vcs-ajiant.service', 'viettel'],
    ['opt/cyradar-edr/bin/x', 'other-cyradar'],
    ['opt/Symantec/symantec_antivirus/sav', 'symantec'],
    ['opt/McAfee/ens/tp/bin/mfetpcli', 'trellix'],
    ['opt/traps/bin/cytool', 'other-cortex'],
    ['opt/drweb.com/bin/drweb-ctl', 'other-drweb'],
  ])('%s is %s', async (path, product) => {
    linux.write(path, '');
    expect((await find()).map((status) => status.product)).toEqual([product]);
  });

  test.each(['etc/systemd/system/cmcd.service', 'opt/vcsa/x', 'opt/Symantec/backup/x', 'opt/bka/x'])(
    '%s is none of them',
    async (path) => {
      linux.write(path, '');
      expect(await find()).toEqual([]);
    },
  );
});

describe('finds of KESL', () => {
  const now = new Date(2026, 10, 23, 12).getTime();
  const source = () => keslDetections({ root: linux.root, runCommand });
  const context = { time: now, monotonicMs: () => monotonic };
  const events = sample('kesl-events.txt');

  beforeEach(() => {
    linux.write('opt/kaspersky/kesl/bin/kesl-control', '');
    output = events;
  });

  async function read(cursor: unknown): Promise<{ detections: readonly MalwareDetection[]; cursor: unknown }> {
    return source().read(cursor, context, signal);
  }

  test('of the last day at first, the oldest first, each with its id', async () => {
    const { detections, cursor } = await read(undefined);
    expect(detections).toMatchObject([
      { id: 'kesl-2838-20261123080102', name: 'EICAR-Test-File', category: 'test', severity: 'medium' },
      {
        id: 'kesl-2841-20261123091216',
        time: new Date(2026, 10, 23, 9, 12, 16).getTime(),
        product: 'kesl',
        name: 'HEUR:Trojan-Ransom.Win32.Example.gen',
        category: 'ransomware',
        severity: 'high',
        object: '/home/lan.nguyen/Tải về/hóa đơn.exe',
        objectKind: 'file',
        action: 'detected',
        sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      },
    ]);
    expect(cursor).toEqual({ lastEvent: 2841 });
  });

  test('then the newer ones only', async () => {
    expect((await read({ lastEvent: 2838 })).detections.map(({ id }) => id)).toEqual(['kesl-2841-20261123091216']);
    expect(await read({ lastEvent: 2841 })).toEqual({ detections: [], cursor: { lastEvent: 2841 } });
  });

  test('of a database that was made anew', async () => {
    const { detections, cursor } = await read({ lastEvent: 90_000 });
    expect([detections.length, cursor]).toEqual([2, { lastEvent: 2841 }]);
  });

  test('while it does not run, with nothing in it, or without KESL: nothing, and the cursor stays', async () => {
    exitCode = 64;
    expect(await read({ lastEvent: 1 })).toEqual({ detections: [], cursor: { lastEvent: 1 } });
    exitCode = 0;
    output = '\n';
    expect(await read({ lastEvent: 1 })).toEqual({ detections: [], cursor: { lastEvent: 1 } });
    started = [];
    linux.remove('opt');
    expect(await read(undefined)).toEqual({ detections: [], cursor: undefined });
    expect(started).toEqual([]);
  });

  test('a cursor that is none is a first start', async () => {
    expect((await read('x')).detections).toHaveLength(2);
  });

  test('are worth a look when its database has changed', () => {
    const { mark } = source();
    const without = mark?.();
    const database = 'var/opt/kaspersky/kesl/private/storage/events.db';
    linux.write(database, 'a');
    const first = mark?.();
    linux.write(`${database}-wal`, 'b');
    expect(new Set([without, first, mark?.()]).size).toBe(3);
    expect(mark?.()).toBe(mark?.());
  });
});
