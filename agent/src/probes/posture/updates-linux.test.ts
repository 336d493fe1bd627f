import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAptPeriodic } from './automatic-updates-linux.ts';
import { PendingFile } from './first-seen.ts';
import { parseAptSimulation, parseDnfSecurity, parseDnfUpdates, parseZypper } from './package-updates.ts';
import { updatesPart } from './updates-linux.ts';

const hour = 3_600_000;
const start = Date.UTC(2026, 10, 20);
const sample = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../../tests/fixtures/posture', name), 'utf8');
const printed = sample('apt-get-dist-upgrade.txt');
const nothing = 'Reading package lists...\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n';

describe('parseAptSimulation', () => {
  it('counts packages, and those from a security archive', () => {
    const { total, security } = parseAptSimulation(printed);
    expect(total).toBe(12);
    expect(security).toContain('libgcrypt20 1.10.1-3+deb12u1');
    expect(security).not.toContain('bash 5.2.15-2+b13');
    expect(security).toHaveLength(printed.match(/^Inst .*-security/gm)?.length ?? -1);
  });

  it('counts packages that are new, and Ubuntu', () => {
    const lines = [
      '2 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.',
      'Inst linux-image-6.8.0-50-generic (6.8.0-50.51 Ubuntu:24.04/noble-updates, Ubuntu:24.04/noble-security [amd64])',
      'Inst vim [2:9.1-1] (2:9.1-2 Ubuntu:24.04/noble-updates [amd64])',
    ];
    expect(parseAptSimulation(lines.join('\n'))).toEqual({
      total: 2,
      security: ['linux-image-6.8.0-50-generic 6.8.0-50.51'],
    });
  });

  it('does not take silence for a machine without updates', () => {
    expect(parseAptSimulation(nothing)).toEqual({ total: 0, security: [] });
    expect(() => parseAptSimulation('')).toThrow('no summary');
    expect(() => parseAptSimulation('E: Could not open lock file')).toThrow('no summary');
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseAptSimulation(`${nothing}Inst ${text}`)));
  });
});

it('reads dnf', () => {
  const security = [
    'RHSA-2024:1234 Important/Sec. openssl-1:3.0.7-25.el9_3.x86_64',
    'RLSA-2024:1234 Important/Sec. openssl-1:3.0.7-25.el9_3.x86_64',
    'ALSA-2024:77   Moderate/Sec.  curl-7.76.1-29.el9.x86_64',
    'RHBA-2024:9    bugfix         tzdata-2024a-1.el9.noarch',
    '',
  ];
  expect(parseDnfSecurity(security.join('\n'))).toEqual([
    'openssl-1:3.0.7-25.el9_3.x86_64',
    'curl-7.76.1-29.el9.x86_64',
  ]);
  const updates =
    '\ncurl.x86_64      7.76.1-29.el9    baseos\nopenssl.x86_64   1:3.0.7-25.el9_3  baseos\nObsoleting Packages\na.noarch  1  x\n';
  expect(parseDnfUpdates(updates)).toBe(2);
});

describe('parseZypper', () => {
  const [updates, patches] = [sample('zypper-list-updates.xml'), sample('zypper-list-patches.xml')];

  it('counts packages, and security patches that are needed', () => {
    expect(parseZypper(updates, patches)).toEqual({ total: 3, security: ['openSUSE-SLE-15.6-2026-1212 1'] });
  });

  it('does not take silence for a machine without updates', () => {
    const none = '<stream><update-status version="0.6"><update-list></update-list></update-status></stream>';
    expect(parseZypper(none, none)).toEqual({ total: 0, security: [] });
    expect(() => parseZypper(none, '')).toThrow('no list');
    expect(() =>
      parseZypper('<stream><message type="error">System management is locked</message></stream>', none),
    ).toThrow('no list');
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        parseZypper(`<update-list><update kind="package" ${text}`, `<update-list/>${text}`);
      }),
    );
  });
});

describe('parseAptPeriodic', () => {
  it.each([
    ['APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n', true],
    ['APT::Periodic::Unattended-Upgrade "0";', false],
    ['APT::Periodic::Unattended-Upgrade "1";\nAPT::Periodic::Enable "0";', false],
    ['// APT::Periodic::Unattended-Upgrade "1";', false],
    ['', false],
    ['APT { Periodic { Unattended-Upgrade "1"; }; };', undefined],
    ['APT::Periodic {\n Unattended-Upgrade "1"; };', undefined],
  ])('reads %j', (text, expected) => {
    expect(parseAptPeriodic([text])).toBe(expected);
  });

  it('takes the last word', () => {
    expect(parseAptPeriodic(['APT::Periodic::Unattended-Upgrade "1";', 'APT::Periodic::Unattended-Upgrade "0";'])).toBe(
      false,
    );
  });
});

describe('updatesPart', () => {
  let root: string;
  let searches: string[];
  let output: string | Error;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'vonggac-updates-'));
    searches = [];
    output = printed;
    for (const path of [
      'usr/bin/apt-get',
      'usr/bin/unattended-upgrade',
      'var/lib/dpkg/status',
      'var/lib/apt/lists/x',
    ]) {
      file(path, '');
    }
    file('etc/apt/apt.conf.d/20auto-upgrades', 'APT::Periodic::Unattended-Upgrade "1";\n');
    changed(start - hour);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function file(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  function changed(time: number): void {
    for (const path of ['var/lib/dpkg/status', 'var/lib/apt/lists'])
      utimesSync(join(root, path), time / 1_000, time / 1_000);
  }

  /** One life of the agent. */
  function life(random = 0) {
    const part = updatesPart({
      root,
      pending: new PendingFile(root),
      random: () => random,
      runCommand: async (command, args) => {
        searches.push([command, ...args].join(' '));
        if (output instanceof Error) throw output;
        if (args.includes('list-updates'))
          return { exitCode: 0, stdout: sample('zypper-list-updates.xml'), stderr: '' };
        return { exitCode: 0, stdout: output, stderr: '' };
      },
    });
    return async (time: number) => part.read({ time, monotonicMs: () => time }, new AbortController().signal);
  }

  it('searches with the lowest priority and without a lock', async () => {
    const fields = await life()(start);
    expect(searches).toEqual(['/usr/bin/nice -n 19 /usr/bin/apt-get -s -o Debug::NoLocking=1 dist-upgrade']);
    expect(fields).toEqual({
      updates: 12,
      security_updates: parseAptSimulation(printed).security.length,
      oldest_update_seconds: start / 1_000,
      update_check_seconds: (start - hour) / 1_000,
      auto_updates: true,
      problem: undefined,
    });
  });

  it('searches twice a day at most, over restarts, and only when something has changed', async () => {
    let read = life();
    for (let time = start; time < start + 48 * hour; time += hour / 6) {
      if (time % (7 * hour) === 0) read = life();
      changed(time);
      await read(time);
    }
    expect(searches.length).toBeLessThanOrEqual(5);
    expect(searches.length).toBeGreaterThanOrEqual(3);
    changed(start);
    searches = [];
    for (let time = start + 48 * hour; time < start + 96 * hour; time += hour) await read(time);
    expect(searches).toEqual([]);
  });

  it('keeps since when the oldest one is pending, until it is installed', async () => {
    await life()(start);
    changed(start + 20 * hour);
    expect(await life()(start + 24 * hour)).toMatchObject({ oldest_update_seconds: start / 1_000 });
    output = nothing;
    changed(start + 40 * hour);
    const fields = await life()(start + 48 * hour);
    expect(fields).toMatchObject({ updates: 0, security_updates: 0 });
    expect(fields.oldest_update_seconds).toBeUndefined();
    expect(statSync(join(root, 'posture-state.json')).mode & 0o777).toBe(0o600);
  });

  it('waits a while at the first start', async () => {
    const read = life(0.5);
    expect(await read(start)).toMatchObject({ auto_updates: true, problem: 'not searched for yet' });
    expect(searches).toEqual([]);
    await read(start + hour / 4);
    expect(searches).toHaveLength(1);
  });

  it('says why there is no answer, and does not try again at once', async () => {
    output = new Error('/usr/bin/nice ended with exit code 100');
    const read = life();
    for (const after of [0, hour, 11 * hour]) {
      const fields = await read(start + after);
      expect(fields).toMatchObject({ problem: '/usr/bin/nice ended with exit code 100' });
      expect(fields.updates).toBeUndefined();
    }
    expect(searches).toHaveLength(1);
  });

  it.each(['', '{', '[]', '{"searched":"x"}', '{"searched":1,"total":1,"security":-1}'])(
    'takes a damaged file %j for a first start',
    async (text) => {
      file('posture-state.json', text);
      expect(await life()(start)).toMatchObject({ updates: 12, oldest_update_seconds: start / 1_000 });
    },
  );

  it('asks zypper for what is in its caches', async () => {
    rmSync(join(root, 'usr/bin/apt-get'));
    file('usr/bin/zypper', '');
    file('etc/sysconfig/automatic_online_update', 'AOU_ENABLE_CRONJOB="true"\n');
    file('var/cache/zypp/raw/repo-sle-update/cookie', 'x');
    utimesSync(join(root, 'var/cache/zypp/raw/repo-sle-update/cookie'), start / 1_000, start / 1_000);
    output = sample('zypper-list-patches.xml');
    expect(await life()(start)).toMatchObject({
      updates: 3,
      security_updates: 1,
      update_check_seconds: start / 1_000,
      auto_updates: true,
    });
    expect(searches).toEqual([
      '/usr/bin/nice -n 19 /usr/bin/zypper --non-interactive --no-refresh --quiet --xmlout list-updates',
      '/usr/bin/nice -n 19 /usr/bin/zypper --non-interactive --no-refresh --quiet --xmlout list-patches --category security',
    ]);
  });

  it('says so on a machine with another package manager', async () => {
    rmSync(join(root, 'usr/bin/apt-get'));
    expect(await life()(start)).toEqual({ problem: 'neither apt-get nor zypper nor dnf is here' });
  });
});
