import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPort, parseConfig, readClamavConfig } from './clamav-config.ts';
import { parseHeader, readDailySignatures } from './clamav-database.ts';
import { parseFind } from './clamav-log.ts';
import { askVersion, parseVersion } from './clamav-socket.ts';
import { categoryOf } from './detection-category.ts';
import { parseFreshclamLog, readFreshclamLog } from './freshclam-log.ts';
import { FakeLinux } from './testing/fake-linux.ts';

const folder = join(import.meta.dirname, '../../../../tests/fixtures/antivirus/linux');
const sample = (name: string) => readFileSync(join(folder, name), 'utf8');
const header = sample('cvd-header-512bytes.bin');
const built = 1_624_412_045_000;

let linux: FakeLinux;

beforeEach(() => {
  linux = new FakeLinux();
});
afterEach(() => linux.close());

describe('clamd.conf', () => {
  test('keys and values; of what is said twice the last counts, of addresses all', () => {
    linux.write(
      'etc/clamav/clamd.conf',
      [
        '# LocalSocket /no',
        'LocalSocket /run/clamav/clamd.ctl',
        'LocalSocket /run/clamd.sock',
        'LogFile "/var/log/clamav/clamav.log"\r',
        'TCPSocket 3310',
        'TCPAddr 127.0.0.1',
        'TCPAddr 10.1.2.3',
        'OnAccessPrevention yes',
        'Foreground',
      ].join('\n'),
    );
    linux.write(
      'etc/clamav/freshclam.conf',
      'UpdateLogFile /var/log/clamav/freshclam.log\nDatabaseDirectory /srv/db\n',
    );
    expect(readClamavConfig(linux.root, [])).toEqual({
      path: '/etc/clamav/clamd.conf',
      socket: '/run/clamd.sock',
      tcp: { port: '3310', addresses: ['127.0.0.1', '10.1.2.3'] },
      databases: '/srv/db',
      log: '/var/log/clamav/clamav.log',
      onAccessPrevents: true,
      updateLog: '/var/log/clamav/freshclam.log',
    });
  });

  test('of Red Hat, of the configuration, and none', () => {
    expect(readClamavConfig(linux.root, [])).toBeUndefined();
    linux.write('etc/clamd.d/scan.conf', 'LocalSocket /run/clamd.scan/clamd.sock\n');
    expect(readClamavConfig(linux.root, [])).toMatchObject({
      path: '/etc/clamd.d/scan.conf',
      databases: '/var/lib/clamav',
      log: undefined,
    });
    expect(readClamavConfig(linux.root, ['/srv/no.conf'])).toBeUndefined();
    linux.write('srv/own.conf', '');
    expect(readClamavConfig(linux.root, ['/srv/no.conf', '/srv/own.conf'])?.path).toBe('/srv/own.conf');
  });

  test.each([
    [undefined, undefined],
    [{ port: '3310', addresses: [] }, '3310'],
    [{ port: '3310', addresses: ['0.0.0.0'] }, '3310'],
    [{ port: '3310', addresses: ['127.0.0.1', '::'] }, '3310'],
    [{ port: '3310', addresses: ['127.0.0.1', '::1', 'localhost'] }, undefined],
  ] as const)('a port %j is open to others: %s', (tcp, expected) => {
    expect(openPort({ tcp })).toBe(expected);
  });

  test('any text is read', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseConfig(text)));
  });
});

describe('the header of a database', () => {
  test('captured: version and time', () => {
    expect(parseHeader(header)).toEqual({ version: 6, built });
  });

  test('without seconds at its end: the time in words', () => {
    expect(parseHeader('ClamAV-VDB:22 Jun 2021 21-34 -0400:6:14:81:md5:dsig:builder')).toEqual({
      version: 6,
      built: Date.UTC(2021, 5, 23, 1, 34),
    });
  });

  test('the higher of two versions counts', () => {
    const newer = header.replace(':6:14:', ':7:15:');
    linux.write('db/daily.cvd', newer);
    linux.write('db/daily.cld', header);
    expect(readDailySignatures(join(linux.root, 'db'))).toMatchObject({
      state: 'read',
      signatures: { version: 7, built },
    });
    linux.write('db/daily.cvd', 'damaged');
    expect(readDailySignatures(join(linux.root, 'db'))).toMatchObject({ signatures: { version: 6 } });
    linux.remove('db/daily.cld');
    expect(readDailySignatures(join(linux.root, 'db'))).toMatchObject({ state: 'damaged' });
    linux.remove('db/daily.cvd');
    expect(readDailySignatures(join(linux.root, 'db'))).toMatchObject({ state: 'absent' });
    linux.write('db/daily.cvd/x', '');
    expect(readDailySignatures(join(linux.root, 'db'))).toMatchObject({ state: 'damaged' });
  });

  test('spoilt: none or a time that can be', () => {
    const spoilt = fc.record({ at: fc.nat(header.length), put: fc.string({ unit: 'binary', maxLength: 20 }) });
    fc.assert(
      fc.property(fc.array(spoilt, { minLength: 1, maxLength: 3 }), (changes) => {
        let text = header;
        for (const { at, put } of changes) text = text.slice(0, at) + put + text.slice(at + put.length);
        const found = parseHeader(text);
        if (found) expect(Number.isSafeInteger(found.built) && found.built > 0 && found.version >= 0).toBe(true);
      }),
    );
  });
});

describe("clamd's socket", () => {
  let server: Server;
  let sockets: Socket[];
  const path = () => join(linux.root, 'clamd.sock');
  const signal = new AbortController().signal;

  /** A clamd that answers in its way; returns what it was asked. */
  async function listen(answer: (socket: Socket) => void): Promise<string[]> {
    const asked: string[] = [];
    sockets = [];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('data', (data) => {
        asked.push(data.toString());
        answer(socket);
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(path(), resolve));
    return asked;
  }
  afterEach(() => {
    for (const socket of sockets ?? []) socket.destroy();
    server?.close();
  });

  test('is asked for its version and nothing else', async () => {
    const asked = await listen((socket) => socket.end(sample('clamd-version-with-db.bin')));
    expect(await askVersion(path(), { timeoutMs: 5_000, signal })).toEqual({
      state: 'answered',
      version: { version: '1.4.6', signatures: { version: 6, built: new Date(2021, 5, 23, 1, 34, 5).getTime() } },
    });
    expect(asked).toEqual(['zVERSION\0']);
  });

  test.each([
    ['an unknown command', sample('clamd-unknown-command.bin')],
    ['nothing', ''],
    ['more than a version', 'x'.repeat(100_000)],
    ['a version and more', 'ClamAV 1.4.6\nREALTIME\0'],
  ])('that answers with %s makes no sense', async (_name, reply) => {
    await listen((socket) => socket.end(reply));
    expect(await askVersion(path(), { timeoutMs: 5_000, signal })).toMatchObject({ state: 'nonsense' });
  });

  test('that accepts and is silent, as while it loads', async () => {
    await listen(() => undefined);
    const answer = await askVersion(path(), { timeoutMs: 30, signal });
    expect(answer).toEqual({ state: 'timeout', problem: `${path()}: no answer within 30 ms` });
  });

  test('that is not there, and one whose clamd has died', async () => {
    expect(await askVersion(path(), { timeoutMs: 5_000, signal })).toEqual({
      state: 'not-listening',
      problem: `${path()}: ENOENT`,
    });
    writeFileSync(path(), '');
    expect(await askVersion(path(), { timeoutMs: 5_000, signal })).toMatchObject({ state: 'not-listening' });
  });

  test('of a clamd without official signatures', () => {
    const reply = sample('clamd-version-no-official-db.bin');
    expect(parseVersion(reply)).toEqual({ version: '1.4.6', signatures: undefined });
  });

  test('any reply is a version or none', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseVersion(`ClamAV ${text}`)));
  });
});

describe("freshclam's log", () => {
  const runs = sample('freshclam.log').split(/(?=^.{24} -> -{38}$)/m);
  const attempt = (...clock: [number, number, number]) => new Date(2026, 10, 23, ...clock).getTime();

  test.each([
    ['an update', runs[0], { attempt: attempt(5, 4, 9), succeeded: true }],
    ['nothing new', runs[1], { attempt: attempt(5, 4, 9), succeeded: true }],
    ['a whole database', runs[2], { attempt: attempt(5, 4, 9), succeeded: true }],
    ['a mirror that refuses, two messages on a line', runs[3], { attempt: attempt(5, 4, 10), succeeded: false }],
    ['no name server', runs[4], { attempt: attempt(5, 4, 20), succeeded: false }],
  ])('%s', (_name, text = '', expected) => {
    expect(parseFreshclamLog(text)).toEqual({ ...expected, isOutdated: false });
  });

  test('the last run counts; one that goes on has the result of the one before', () => {
    expect(parseFreshclamLog(runs.join(''))).toMatchObject({ attempt: attempt(5, 4, 20), succeeded: false });
    const going = 'Mon Nov 23 06:00:00 2026 -> ClamAV update process started at Mon Nov 23 06:00:00 2026\n';
    expect(parseFreshclamLog(`${runs[0]}${going}`)).toMatchObject({ attempt: attempt(6, 0, 0), succeeded: true });
    expect(parseFreshclamLog(going)).toMatchObject({ attempt: attempt(6, 0, 0), succeeded: undefined });
  });

  test('an outdated ClamAV', () => {
    const text = `${runs[0]}Mon Nov 23 05:04:10 2026 -> WARNING: Your ClamAV installation is OUTDATED!\n`;
    expect(parseFreshclamLog(text)).toMatchObject({ succeeded: true, isOutdated: true });
  });

  test('of a day with one digit', () => {
    const text = 'x -> ClamAV update process started at Tue Nov  3 05:04:09 2026\n';
    expect(parseFreshclamLog(text).attempt).toBe(new Date(2026, 10, 3, 5, 4, 9).getTime());
  });

  test('empty, or of megabytes: the end is read', () => {
    expect(readFreshclamLog(linux.write('empty.log', ''))).toEqual({
      attempt: undefined,
      succeeded: undefined,
      isOutdated: false,
    });
    const long = linux.write('long.log', `${'x'.repeat(99)}\n`.repeat(20_000) + runs[0]);
    expect(readFreshclamLog(long)).toMatchObject({ succeeded: true });
  });
});

describe('a line of a log', () => {
  test('of the captured logs: each find, nothing else', () => {
    const finds = sample('clamd.log')
      .split('\n')
      .flatMap((line) => parseFind(line) ?? []);
    expect(finds.length).toBeGreaterThan(3);
    expect(finds[0]).toEqual({
      stamp: 'Mon Nov 23 04:59:17 2026',
      object: '/srv/clam/test/eicar.com',
      name: 'Eicar-Test-Signature',
    });
    const onAccess = sample('clamonacc.log')
      .split('\n')
      .flatMap((line) => parseFind(line) ?? []);
    expect(onAccess).toEqual([{ stamp: undefined, object: '/srv/clam/test/eicar.com', name: 'Eicar-Test-Signature' }]);
  });

  test.each([
    ['Mon Nov  2 04:59:17 2026 -> /srv/a: b (1).com: Win.Trojan.X-1 FOUND', '/srv/a: b (1).com', 'Win.Trojan.X-1'],
    [
      'Mon Nov 23 04:59:17 2026 -> instream(10.1.1.2@4242): Heuristics.Phishing.Email.X FOUND',
      'instream(10.1.1.2@4242)',
      'Heuristics.Phishing.Email.X',
    ],
    ['/srv/thư mục/đơn.exe: A.UNOFFICIAL FOUND', '/srv/thư mục/đơn.exe', 'A'],
  ])('%s', (line, object, name) => {
    expect(parseFind(line)).toMatchObject({ object, name });
  });

  test.each(['', ' FOUND', '/a: FOUND', 'Mon Nov 23 04:59:17 2026 -> File path check failure on: /a', '/a: x FOUND\r'])(
    '%j is no find',
    (line) => expect(parseFind(line)).toBeUndefined(),
  );

  test('however long, in little time', () => {
    const startedAt = performance.now();
    parseFind(`${': '.repeat(5_000)} FOUND`);
    parseFind(`${'a '.repeat(5_000)} FOUND`);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

test.each([
  ['Eicar-Test-Signature', 'test'],
  ['Win.Test.EICAR_HDB-1', 'test'],
  ['Win.Ransomware.WannaCry-6313787-0', 'ransomware'],
  ['HEUR:Trojan-Ransom.Win32.Gen.gen', 'ransomware'],
  ['Win.Trojan.Agent-36', 'trojan'],
  ['Trojan-Spy.Win32.Zbot', 'spyware'],
  ['PUA.Win.Packer.Upx-1', 'pua'],
  ['not-a-virus:HEUR:AdWare.Script.X', 'adware'],
  ['Heuristics.Phishing.Email.SpoofedDomain', 'phishing'],
  ['Unix.Rootkit.Reptile-1', 'rootkit'],
  ['Win.Worm.Conficker-1', 'worm'],
  ['Doc.Macro.X', 'virus'],
  ['Sanesecurity.Junk.1', 'other'],
])('%s is of the kind %s', (name, category) => expect(categoryOf(name)).toBe(category));
