import { readFileSync, utimesSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clamavReader } from './clamav.ts';
import { clamavDetections } from './clamav-detections.ts';
import { DpkgStatus } from './dpkg-status.ts';
import { ProcessesLinux } from './processes-linux.ts';
import type { MalwareDetection, ProductStatus } from './product-status.ts';
import { FakeLinux, marks } from './testing/fake-linux.ts';

const folder = join(import.meta.dirname, '../../../../tests/fixtures/antivirus/linux');
const header = readFileSync(join(folder, 'cvd-header-512bytes.bin'), 'utf8');
const built = 1_624_412_045_000;
const now = new Date(2026, 10, 23, 5, 30).getTime();
const signal = new AbortController().signal;

let linux: FakeLinux;
let processes: ProcessesLinux;
let monotonic: number;
let server: Server | undefined;
let questions: number;

beforeEach(() => {
  linux = new FakeLinux();
  monotonic = 0;
  questions = 0;
  processes = new ProcessesLinux(linux.root, () => monotonic);
  linux.write('usr/sbin/clamd', '');
  linux.write(
    'etc/clamav/clamd.conf',
    'LocalSocket /clamd.sock\nLogFile /var/log/clamav/clamav.log\nOnAccessPrevention yes\n',
  );
  linux.write('etc/clamav/freshclam.conf', 'UpdateLogFile /var/log/clamav/freshclam.log\n');
  linux.write('var/log/clamav/freshclam.log', readFileSync(join(folder, 'freshclam.log')));
  linux.write('var/log/clamav/clamav.log', '');
  writeDaily(now - 60_000);
});
afterEach(() => {
  server?.close();
  server = undefined;
  linux.close();
});

function writeDaily(written: number, text = header): void {
  const file = linux.write('var/lib/clamav/daily.cvd', text);
  utimesSync(file, written / 1_000, written / 1_000);
}

/** A clamd that answers so; one that is silent when undefined. */
async function clamd(reply: string | undefined, ageSeconds = 50_000): Promise<void> {
  linux.run(10, { name: 'clamd', ageSeconds });
  const made = createServer((socket) => {
    questions += 1;
    socket.on('error', () => undefined);
    if (reply !== undefined) socket.end(reply);
    else setTimeout(() => socket.destroy(), 300).unref();
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(join(linux.root, 'clamd.sock'), resolve));
}

async function status(configPaths: readonly string[] = []): Promise<ProductStatus> {
  monotonic += 60_000;
  const dpkg = new DpkgStatus(linux.root);
  const reader = clamavReader({
    root: linux.root,
    configPaths,
    processes,
    dpkg,
    now: () => now,
    socketTimeoutMs: 50,
  });
  expect(reader.isPresent()).toBe(true);
  const [found] = await reader.read({ time: now, monotonicMs: () => monotonic }, signal);
  if (!found) throw new Error('no status');
  return JSON.parse(JSON.stringify(found));
}

const loaded = 'ClamAV 1.4.6/6/Wed Jun 23 01:34:05 2021\0';

describe('clamd', () => {
  test('that runs, with what it has loaded; it watches nothing by itself', async () => {
    await clamd(loaded);
    expect(await status()).toEqual({
      product: 'clamav',
      name: 'ClamAV',
      readState: 'ok',
      version: '1.4.6',
      engineVersion: '1.4.6',
      running: true,
      realtime: false,
      mode: 'on_demand',
      signatureVersion: '6',
      signatureTime: built,
      updateAttempt: new Date(2026, 10, 23, 5, 4, 20).getTime(),
      updateSucceeded: false,
      licenceStatus: 'free',
      source: '/etc/clamav/clamd.conf',
    });
  });

  test('that is stopped is not woken by a question to its socket, which systemd holds', async () => {
    await clamd(loaded);
    linux.end(10);
    expect(await status()).toMatchObject({
      readState: 'ok',
      running: false,
      realtime: false,
      mode: 'not_running',
      signatureVersion: '6',
      signatureTime: built,
    });
    expect(questions).toBe(0);
  });

  test('that is silent after it was started is loading; later it is a timeout', async () => {
    await clamd(undefined, 20);
    const loading = await status();
    expect(loading).toMatchObject({ readState: 'ok', running: true, mode: 'starting' });
    expect(loading.problem).toBe('clamd is loading its signatures');
    linux.end(10);
    linux.run(10, { name: 'clamd', ageSeconds: 5_000 });
    expect(await status()).toMatchObject({ readState: 'timeout', running: true });
  });

  test('that is started and has made no socket yet is loading', async () => {
    linux.run(10, { name: 'clamd', ageSeconds: 3 });
    expect(await status()).toMatchObject({ readState: 'ok', running: true, mode: 'starting' });
  });

  test('that answers with nonsense is an error, never protection', async () => {
    await clamd('ClamAV is realtime\0');
    const found = await status();
    expect(found).toMatchObject({ readState: 'error', running: true, realtime: false });
    expect(found.problem).toContain('no version but "ClamAV is realtime\\u0000"');
  });

  test('without a local socket cannot be asked', async () => {
    linux.write('etc/clamav/clamd.conf', 'TCPSocket 3310\nLogFile /x\n');
    linux.run(10, { name: 'clamd' });
    const found = await status();
    expect(found).toMatchObject({ readState: 'unsupported', running: true });
    expect(found.problem).toContain('port 3310 of clamd takes commands from any machine');
  });
});

describe('signatures', () => {
  test('that clamd has not loaded an hour after they came', async () => {
    await clamd('ClamAV 1.4.6/5/Wed Jun 16 01:34:05 2021\0');
    expect((await status()).problem).toBeUndefined();
    writeDaily(now - 7_200_000);
    expect(await status()).toMatchObject({
      signatureVersion: '5',
      signatureTime: new Date(2021, 5, 16, 1, 34, 5).getTime(),
      problem: 'clamd works with signatures 5 although 6 are on the disk',
    });
  });

  test.each([
    ['missing', undefined, 'no official signatures: ROOT/var/lib/clamav/daily.cvd is missing'],
    ['damaged', 'x', 'ROOT/var/lib/clamav/daily.cvd is damaged'],
  ])('that are %s', async (_name, text, problem) => {
    await clamd('ClamAV 1.4.6\0');
    if (text === undefined) linux.remove('var/lib/clamav/daily.cvd');
    else writeDaily(now, text);
    const found = await status();
    expect(found.problem).toBe(problem.replace('ROOT', linux.root));
    expect(found.signatureTime).toBeUndefined();
  });
});

describe('clamonacc', () => {
  test.each([
    ['forbids', marks.prevents, { realtime: true, realtimeProven: true, mode: 'active' }, undefined],
    [
      'only hears',
      marks.watches,
      { realtime: true, realtimeProven: true, mode: 'active' },
      'finds files and lets them be opened: set OnAccessPrevention yes',
    ],
    ['watches nothing', '', { realtime: false, realtimeProven: false, mode: 'on_demand' }, undefined],
  ])('that %s', async (_name, fdinfo, expected, problem) => {
    await clamd(loaded);
    linux.run(11, { name: 'clamonacc', fdinfo });
    const found = await status();
    expect(found).toMatchObject(expected);
    expect(found.problem).toBe(problem);
  });

  test('protects nothing without its clamd', async () => {
    linux.run(11, { name: 'clamonacc', fdinfo: marks.prevents });
    expect(await status()).toMatchObject({
      running: false,
      realtime: false,
      realtimeProven: false,
      mode: 'not_running',
    });
  });
});

describe('what is installed', () => {
  test('a configuration that a removed package left behind is no product', () => {
    linux.remove('usr/sbin/clamd');
    const dpkg = new DpkgStatus(linux.root);
    const reader = clamavReader({ root: linux.root, configPaths: [], processes, dpkg, now: () => now });
    expect(reader.isPresent()).toBe(false);
  });

  test('a scanner without a daemon', async () => {
    linux.remove('usr/sbin/clamd');
    linux.remove('etc/clamav');
    linux.write('usr/bin/clamscan', '');
    expect(await status()).toMatchObject({ readState: 'ok', mode: 'on_demand', realtime: false });
  });

  test.each([
    [[], 'clamd.conf is not there: name it in agent.yaml, under antivirus.clamd_conf'],
    [['/srv/no.conf'], '/srv/no.conf is not there: name it in agent.yaml, under antivirus.clamd_conf'],
  ])('a daemon without its configuration, named %j', async (configPaths, problem) => {
    linux.remove('etc/clamav');
    linux.run(10, { name: 'clamd' });
    const found = await status(configPaths);
    expect(found).toMatchObject({ readState: 'error', running: true, problem });
    expect(found.realtime).toBeUndefined();
  });

  test('a configuration that cannot be read', async () => {
    linux.remove('etc/clamav/clamd.conf');
    linux.write('etc/clamav/clamd.conf/x', '');
    expect(await status()).toMatchObject({ readState: 'denied', running: false });
  });

  test('a daemon that writes no log', async () => {
    linux.write('etc/clamav/clamd.conf', 'LocalSocket /clamd.sock\n');
    expect((await status()).problem).toBe('detections are not seen: set LogFile in /etc/clamav/clamd.conf');
  });
});

describe('finds', () => {
  const line = (clock: string, file: string) => `Mon Nov 23 ${clock} 2026 -> ${file}: Win.Trojan.X-1 FOUND\n`;
  let cursor: unknown;
  let written: { clamd: string; clamonacc: string };
  let time: number;

  beforeEach(() => {
    cursor = undefined;
    written = { clamd: '', clamonacc: '' };
    time = now;
  });

  function write(log: 'clamd' | 'clamonacc', text: string): void {
    written[log] += text;
    linux.write(log === 'clamd' ? 'var/log/clamav/clamav.log' : 'var/log/clamav/clamonacc.log', written[log]);
  }

  const makeSource = () => clamavDetections({ root: linux.root, configPaths: [], processes });
  async function read(source: ReturnType<typeof makeSource>): Promise<MalwareDetection[]> {
    monotonic += 2_000;
    const found = await source.read(cursor, { time, monotonicMs: () => monotonic }, signal);
    cursor = JSON.parse(JSON.stringify(found.cursor));
    return [...found.detections];
  }

  test('of the last day at first, then what is added', async () => {
    write('clamd', `Sat Nov 21 05:00:00 2026 -> /old: X FOUND\n${line('05:00:00', '/srv/a')}`);
    const source = makeSource();
    const [first, ...others] = await read(source);
    expect(others).toEqual([]);
    expect(first).toEqual({
      id: expect.stringMatching(/^clamav-[0-9a-f]{32}$/),
      time: new Date(2026, 10, 23, 5).getTime(),
      product: 'clamav',
      name: 'Win.Trojan.X-1',
      severity: 'unknown',
      category: 'trojan',
      object: '/srv/a',
      objectKind: 'file',
      action: 'detected',
      origin: 'unknown',
    });
    write('clamd', line('05:29:00', '/srv/b'));
    expect((await read(source)).map(({ object }) => object)).toEqual(['/srv/b']);
    expect(await read(source)).toEqual([]);
  });

  test('have the same id when they are read again', async () => {
    write('clamd', line('05:00:00', '/srv/a'));
    const [first] = await read(makeSource());
    cursor = undefined;
    time += 3_600_000;
    const [again] = await read(makeSource());
    expect(again?.id).toBe(first?.id);
  });

  test('of the same file within ten minutes are one', async () => {
    const source = makeSource();
    await read(source);
    write('clamd', line('05:00:00', '/srv/a') + line('05:00:01', '/srv/a') + line('05:09:59', '/srv/a'));
    expect(await read(source)).toHaveLength(1);
    write('clamd', line('05:10:00', '/srv/a'));
    expect(await read(source)).toHaveLength(1);
  });

  test('that the kernel asked about: clamd tells first, then clamonacc that it was blocked, under the same id', async () => {
    const source = makeSource();
    await read(source);
    write('clamd', line('05:30:00', '/srv/a'));
    const [first] = await read(source);
    write('clamonacc', '/srv/a: Win.Trojan.X-1.UNOFFICIAL FOUND\n');
    expect(await read(source)).toEqual([{ ...first, origin: 'realtime', action: 'blocked' }]);
    write('clamonacc', '/srv/a: Win.Trojan.X-1.UNOFFICIAL FOUND\n');
    expect(await read(source)).toEqual([]);
  });

  test('of both logs in one reading are one', async () => {
    const source = makeSource();
    await read(source);
    write('clamd', line('05:30:00', '/srv/a'));
    write('clamonacc', '/srv/a: Win.Trojan.X-1 FOUND\n');
    expect(await read(source)).toMatchObject([{ origin: 'realtime', action: 'blocked' }]);
  });

  test('of clamonacc alone, when clamd writes no log; its log is where its command line says', async () => {
    linux.write('etc/clamav/clamd.conf', 'LocalSocket /clamd.sock\n');
    linux.run(11, { name: 'clamonacc', words: ['-F', '--log=/var/log/onacc.log'] });
    const source = makeSource();
    linux.write('var/log/onacc.log', '/srv/before: X FOUND\n');
    expect(await read(source)).toEqual([]);
    linux.write('var/log/onacc.log', '/srv/before: X FOUND\n/srv/a: Win.Trojan.X-1 FOUND\n');
    expect(await read(source)).toMatchObject([{ object: '/srv/a', origin: 'realtime', action: 'detected', time: now }]);
  });

  test('without ClamAV: nothing', async () => {
    linux.remove('etc');
    linux.remove('var');
    const found = await makeSource().read(undefined, { time, monotonicMs: () => monotonic }, signal);
    expect(found).toEqual({ detections: [], cursor: undefined });
  });

  test('with a cursor that is none: as at first', async () => {
    write('clamd', line('05:00:00', '/srv/a'));
    cursor = { clamd: 'x' };
    expect(await read(makeSource())).toHaveLength(1);
  });
});
