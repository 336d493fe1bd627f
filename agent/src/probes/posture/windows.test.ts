/** The posture of a made-up Windows machine: nothing here has run on a real one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRegistryQuery } from '../../system/registry-query.ts';
import { updatesScript } from '../windows/scripts.ts';
import { context, denied, FakeWindows, sample, signal } from '../windows/testing/fake-windows.ts';
import { firewallFields } from './firewall-windows.ts';
import { type PostureFields, postureProbe } from './posture.ts';
import { bitlockerState, settingsFields } from './settings-windows.ts';
import { windowsSupportEnd } from './support-ends.ts';
import { automaticUpdates, updateFields } from './updates-windows.ts';
import { windowsParts } from './windows.ts';

const local = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy';
const policy = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall';

function profiles(path: string, states: Readonly<Record<string, number>>): string {
  const keys = Object.entries(states).map(
    ([name, state]) => `${path}\\${name}\r\n    EnableFirewall    REG_DWORD    0x${state}\r\n`,
  );
  return `\r\n${keys.join('\r\n')}\r\nKết thúc tìm kiếm: tìm thấy 3 kết quả phù hợp.\r\n`;
}

const allOn = profiles(local, { DomainProfile: 1, StandardProfile: 1, PublicProfile: 1 });

describe('the firewall', () => {
  const read = (runs: boolean | undefined, own: string, rules = '') =>
    firewallFields({ runs, local: parseRegistryQuery(own), policy: parseRegistryQuery(rules) });

  it('is on when every profile is', () => {
    expect(read(true, allOn)).toEqual({
      firewall: true,
      firewall_domain: true,
      firewall_private: true,
      firewall_public: true,
      firewall_backend: 'windows',
    });
  });

  it('does what a policy says', () => {
    expect(read(true, allOn, profiles(policy, { PrivateProfile: 0 }))).toMatchObject({
      firewall_private: false,
      firewall_public: true,
      problem: 'off, or not known, for some networks',
    });
    expect(read(true, profiles(local, { DomainProfile: 0, StandardProfile: 0, PublicProfile: 0 })).firewall).toBe(
      false,
    );
  });

  it('is off without its service, and not known when that is not there', () => {
    expect(read(false, allOn)).toMatchObject({ firewall: false, firewall_backend: 'none' });
    expect(read(undefined, allOn).firewall).toBeUndefined();
  });

  it('is never on by garbage', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(read(true, text).firewall).not.toBe(true);
      }),
    );
  });
});

it.each([
  [1, 1, 'on'],
  [0, 1, 'suspended'],
  [0, 0, 'off'],
  [0, 2, 'in_progress'],
  [1, 4, 'in_progress'],
  [2, 1, undefined],
  [1, 9, undefined],
])('reads protection %i and conversion %i of BitLocker', (ProtectionStatus, ConversionStatus, expected) => {
  expect(bitlockerState({ ProtectionStatus, ConversionStatus })).toBe(expected);
});

it.each([
  [{ isOff: true, option: 4, start: 3 }, true, false],
  [{ isOff: false, option: undefined, start: 4 }, true, false],
  [{ isOff: false, option: 4, start: 3 }, false, true],
  [{ isOff: false, option: 2, start: 3 }, true, false],
  [{ isOff: false, option: undefined, start: 3 }, true, true],
  [{ isOff: false, option: undefined, start: 3 }, false, undefined],
  [{ isOff: false, option: undefined, start: undefined }, true, undefined],
])('knows by %j whether updates come by themselves', (found, isClient, expected) => {
  expect(automaticUpdates({ ...found, isClient })).toBe(expected);
});

it.each([
  [{ build: 19_045, edition: 'Professional', isServer: false }, '2025-10-14'],
  [{ build: 22_631, edition: 'Enterprise', isServer: false }, '2026-11-10'],
  [{ build: 22_631, edition: 'Professional', isServer: false }, '2025-11-11'],
  [{ build: 19_044, edition: 'EnterpriseS', isServer: false }, '2027-01-12'],
  [{ build: 17_763, edition: 'ServerStandard', isServer: true }, '2029-01-09'],
  [{ build: 17_763, edition: 'EnterpriseS', isServer: false }, '2029-01-09'],
  [{ build: 22_631, edition: 'EnterpriseS', isServer: false }, undefined],
  [{ build: 1, edition: '', isServer: false }, undefined],
])('knows when support of %j ends', (release, day) => {
  expect(windowsSupportEnd(release)).toBe(day === undefined ? undefined : Date.parse(`${day}T23:59:59Z`));
});

it('says which settings PowerShell could not read', () => {
  const fields = { v: 1, bitlocker_error: '0x8004100e', smb1: 'False', admins: -1 };
  expect(settingsFields({ fields, error: undefined })).toEqual({
    disk_encryption: undefined,
    smb1: undefined,
    local_admins: undefined,
    problem: 'bitlocker 0x8004100e',
  });
  expect(updateFields({ fields: { updates_error: '0x80070422' }, error: undefined }).problem).toBe(
    'Windows Update answers 0x80070422',
  );
});

describe('the probe', () => {
  const version = 'reg.exe query HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';

  function windows(): FakeWindows {
    return new FakeWindows()
      .services({ MpsSvc: 'running' })
      .answer('reg.exe query HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess', allOn)
      .answer(
        version,
        'HKEY_X\r\n    CurrentBuildNumber    REG_SZ    19045\r\n    EditionID    REG_SZ    Professional\r\n    InstallationType    REG_SZ    Client\r\n',
      )
      .answer(
        'reg.exe query HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server',
        'HKEY_X\r\n    fDenyTSConnections    REG_DWORD    0x0\r\n',
      )
      .answer('powershell.exe', sample('script-answer-protection.json'))
      .answer(
        `powershell.exe -NoLogo -NoProfile -NonInteractive -Command ${updatesScript}`,
        sample('script-answer-updates.json'),
      );
  }

  async function fieldsOf(fake: FakeWindows): Promise<PostureFields> {
    const result = await postureProbe(windowsParts(fake.machine)).collect(context(fake), signal);
    return (result.status === 'measured' && result.points[0]?.fields) || {};
  }

  it('tells of a machine what its programs say', async () => {
    const fake = windows();
    expect(await fieldsOf(fake)).toEqual({
      firewall: true,
      firewall_domain: true,
      firewall_private: true,
      firewall_public: true,
      firewall_backend: 'windows',
      reboot_pending: false,
      remote_desktop: true,
      os_support_ends_seconds: Date.UTC(2025, 9, 14, 23, 59, 59) / 1_000,
      os_unsupported: true,
      disk_encryption: 'on',
      smb1: false,
      local_admins: 3,
      problem: 'updates: not searched for yet',
    });
    fake.nowMs = 20 * 60_000;
    expect(await fieldsOf(fake)).toMatchObject({
      updates: 5,
      security_updates: 2,
      oldest_update_seconds: 1_794_700_000,
      update_check_seconds: 1_795_150_000,
    });
  });

  it('sees a restart that waits', async () => {
    const key = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired';
    const fake = windows().answer(`reg.exe query ${key}`, `\r\n${key.replace('HKLM', 'HKEY_LOCAL_MACHINE')}\r\n`);
    expect(await fieldsOf(fake)).toMatchObject({ reboot_pending: true });
  });

  it('leaves out what it cannot read, and says why', async () => {
    const fields = await fieldsOf(new FakeWindows());
    expect(Object.keys(fields)).toEqual(['reboot_pending', 'problem']);
    expect(fields.problem).toContain('firewall: C:\\Windows\\System32\\sc.exe is not here');
  });
});

it('knows nothing of what the registry may not be asked, and says so', async () => {
  const fake = new FakeWindows().services({ MpsSvc: 'running' }).answer('reg.exe', denied);
  const result = await postureProbe(windowsParts(fake.machine)).collect(context(fake), signal);
  const [point] = result.status === 'measured' ? result.points : [];
  const { problem, ...known } = point?.fields ?? {};
  expect(known).toEqual({});
  expect(problem).toContain('firewall: reg.exe may not read HKLM');
  expect(problem).toContain('reboot: reg.exe may not read HKLM');
});
