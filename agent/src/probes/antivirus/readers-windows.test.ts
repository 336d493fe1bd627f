/** All products of a made-up Windows machine together: nothing here has run on a real one. */
import { describe, expect, it } from 'vitest';
import { CommandError } from '../../system/run-command.ts';
import { context, denied, FakeWindows, sample, signal } from '../windows/testing/fake-windows.ts';
import { windowsAntivirus } from './readers-windows.ts';

const uninstall = 'reg.exe query HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall /s';
const center = 'reg.exe query HKLM\\SOFTWARE\\Microsoft\\Security Center\\Provider\\Av /s';
const avState = 'reg.exe query HKLM\\SOFTWARE\\WOW6432Node\\KasperskyLab';
const ermm = 'C:\\Program Files\\ESET\\ESET Security\\ermm.exe';
const esetInfo =
  'HKEY_X\r\n    ScannerVersion    REG_SZ    31832 (20261119)\r\n    InstallDir    REG_SZ    C:\\Program Files\\ESET\\ESET Security\\\r\n';

async function read(fake: FakeWindows) {
  const [reader] = windowsAntivirus(fake.machine).readers;
  return (await reader?.read(context(fake), signal)) ?? [];
}

const one = async (fake: FakeWindows, product: string) =>
  (await read(fake)).find((status) => status.product === product);

describe('a machine with Kaspersky, and Defender out of the way', () => {
  const fake = new FakeWindows()
    .answer('sc.exe', sample('sc-query-vi.txt'))
    .answer(uninstall, sample('reg-query-uninstall-vi.txt'))
    .answer(avState, sample('kaspersky-avstate-reg-query.txt'))
    .answer(center, sample('reg-query-securitycenter-odd.txt'))
    .answer(
      'tasklist.exe',
      '"System Idle Process","0","Services","0","8 K"\r\n"BKavService.exe","3020","Services","0","9.120 K"\r\n',
    );
  fake.files.add('C:\\Windows\\System32\\Taskmgr.exe');

  it('is told product by product', async () => {
    const statuses = await read(fake);
    expect(
      statuses.map(({ product, readState, running, realtime }) => [product, readState, running, realtime]),
    ).toEqual([
      ['defender', 'ok', false, false],
      ['kaspersky', 'ok', true, true],
      ['bkav', 'unsupported', true, undefined],
      ['other-panda-free', 'ok', undefined, undefined],
      ['other-die-t-vi-ru-t-so-1', 'ok', undefined, undefined],
    ]);
    expect(statuses[1]).toMatchObject({
      name: 'Kaspersky Endpoint Security for Windows',
      version: '12.9.0.384',
      managementServer: 'ksc.tinh.gov.vn',
      outOfDate: true,
    });
    expect(statuses[2]?.problem).toContain('its state is not known');
    expect(statuses[3]).toMatchObject({ orphan: true, name: 'Panda Free' });
    // Its program is one of Windows itself: whoever registered it wants Defender off.
    expect(statuses[4]).toMatchObject({ orphan: true, problem: expect.stringContaining('not among the installed') });
  });

  it('starts no more than a few programs, and each minute only one', async () => {
    expect(fake.count('powershell.exe')).toBe(0);
    const before = fake.started.length;
    expect(before).toBeLessThanOrEqual(9);
    fake.nowMs = 60_000;
    await read(fake);
    expect(fake.started.slice(before)).toEqual(['sc.exe query type= service state= all bufsize= 262144']);
  });
});

describe('Kaspersky', () => {
  const withState = () => new FakeWindows().answer(avState, sample('kaspersky-avstate-reg-query.txt'));

  it('is not believed to protect by what a stopped Network Agent wrote', async () => {
    const fake = withState().services({ 'AVP21.15': 'running', klnagent: 'stopped' });
    const status = await one(fake, 'kaspersky');
    expect(status).toMatchObject({ running: true, managementServer: 'ksc.tinh.gov.vn' });
    expect(status?.realtime).toBeUndefined();
    expect(status?.problem).toContain('may be old');
  });

  it('is denied when the registry may not be asked', async () => {
    const fake = new FakeWindows().services({ AVP: 'running', klnagent: 'running', WinDefend: 'stopped' });
    const [defender, kaspersky] = await read(fake.answer('reg.exe', denied));
    expect(kaspersky).toMatchObject({ product: 'kaspersky', running: true, readState: 'denied' });
    expect(kaspersky?.realtime).toBeUndefined();
    expect(defender?.problem).toContain('Windows Security Center is not read: reg.exe may not read');
  });

  it('does not protect when its service is stopped', async () => {
    const fake = withState().services({ 'AVP21.15': 'stopped', klnagent: 'running' });
    expect(await one(fake, 'kaspersky')).toMatchObject({ running: false, realtime: false, mode: 'not_running' });
  });

  it('is asked by kescli where there is no Network Agent', async () => {
    const fake = new FakeWindows().services({ AVP: 'running' }).answer(uninstall, sample('reg-query-uninstall-vi.txt'));
    fake.files.add('C:\\Program Files (x86)\\Kaspersky Lab\\KES.12.9.0\\kescli.exe');
    fake.answer('kescli.exe --opswat GetRealTimeProtectionState', '1\r\n');
    expect(await one(fake, 'kaspersky')).toMatchObject({ readState: 'ok', realtime: true, source: 'kescli' });
    fake.nowMs = 14 * 60_000;
    await read(fake);
    expect(fake.count('kescli.exe')).toBe(1);
  });
});

describe('ESET', () => {
  const eset = () => {
    const fake = new FakeWindows().services({ ekrn: 'running' });
    fake.files.add(ermm);
    return fake.answer('reg.exe query HKLM\\SOFTWARE\\ESET', esetInfo);
  };

  it('is asked through its remote monitoring', async () => {
    const fake = eset()
      .answer('ermm.exe get protection-status', sample('eset-ermm-protection-status-ok.json'))
      .answer('ermm.exe get update-status', sample('eset-ermm-update-status.json'))
      .answer('ermm.exe get license-info', sample('eset-ermm-license-info.json'));
    expect(await one(fake, 'eset')).toMatchObject({
      readState: 'ok',
      realtime: true,
      licenceStatus: 'valid',
      signatureVersion: '31832',
      updateSucceeded: true,
    });
  });

  it('has no state when that is not allowed, but what Security Center was told', async () => {
    const fake = eset().answer('ermm.exe', 'RMM không được bật');
    expect(await one(fake, 'eset')).toMatchObject({ readState: 'unsupported', signatureVersion: '31832' });
    const entry = [
      'HKEY_X\\{1}',
      '    DISPLAYNAME    REG_SZ    ESET Security',
      '    STATE    REG_DWORD    0x41000',
    ].join('\r\n');
    fake.answer(center, entry);
    fake.nowMs = 3_600_000;
    expect(await one(fake, 'eset')).toMatchObject({
      readState: 'ok',
      realtime: true,
      source: 'Windows Security Center',
      signatureVersion: '31832',
    });
  });

  it('fails alone', async () => {
    const fake = eset()
      .services({ ekrn: 'running', WinDefend: 'stopped' })
      .answer('ermm.exe', new CommandError('it did not end', { failure: 'timeout' }));
    expect(await one(fake, 'eset')).toMatchObject({ readState: 'timeout', running: true, problem: 'it did not end' });
    expect(await one(fake, 'defender')).toMatchObject({ readState: 'ok' });
  });
});

it('does not call a product made up that is installed and not known', async () => {
  const entry =
    'HKEY_X\\{1}\r\n    DISPLAYNAME    REG_SZ    Zed AV\r\n    PRODUCTEXE    REG_SZ    %ProgramFiles%\\Zed\\z.exe\r\n    STATE    REG_DWORD    0x41000\r\n';
  const fake = new FakeWindows().services({}).answer(center, entry);
  fake.answer(uninstall, 'HKEY_X\r\n    DisplayName    REG_SZ    Zed AV 7\r\n');
  fake.files.add('C:\\Program Files\\Zed\\z.exe');
  const status = await one(fake, 'other-zed-av');
  expect(status).toMatchObject({
    readState: 'unsupported',
    problem: expect.stringContaining('no service of it is known'),
  });
  expect(status?.realtime).toBeUndefined();
  expect(status?.orphan).toBeUndefined();
});

it('says of a product without an interface just that it is there', async () => {
  const fake = new FakeWindows().services({
    CSFalconService: 'running',
    SentinelAgent: 'stopped',
    BkavSystemService: 'running',
  });
  const statuses = await read(fake);
  expect(statuses.map(({ product, readState, running, realtime }) => [product, readState, running, realtime])).toEqual([
    ['crowdstrike', 'unsupported', true, undefined],
    ['sentinelone', 'unsupported', false, undefined],
    ['bkav', 'unsupported', true, undefined],
  ]);
});

it('takes Security Center by PowerShell when the registry does not show it', async () => {
  const fake = new FakeWindows().services({ WinDefend: 'running', ekrn: 'running' });
  const wsc = [
    {
      displayName: 'ESET Security',
      productState: 266_256,
      instanceGuid: '{1}',
      timestamp: 'Fri, 20 Nov 2026 12:09:12 GMT',
    },
    {
      displayName: 'ESET Security',
      productState: 262_144,
      instanceGuid: '{2}',
      timestamp: 'Fri, 20 Nov 2020 12:09:12 GMT',
    },
  ];
  fake.answer('powershell.exe', JSON.stringify({ v: 1, wsc, mp_error: '0x800106ba' }));
  expect(await one(fake, 'eset')).toMatchObject({ realtime: true, outOfDate: true });
  expect(fake.count('powershell.exe')).toBe(1);
});

it('does not ask for Security Center on a server', async () => {
  const fake = new FakeWindows()
    .services({ WinDefend: 'stopped' })
    .answer(
      'reg.exe query HKLM\\SYSTEM\\CurrentControlSet\\Control\\ProductOptions',
      'HKEY_X\r\n    ProductType    REG_SZ    ServerNT\r\n',
    );
  await read(fake);
  expect(fake.started.filter((line) => line.includes('Security Center'))).toEqual([]);
});

it('fails when the services cannot be listed: nothing is known then', async () => {
  await expect(read(new FakeWindows())).rejects.toThrow('sc.exe is not here');
});

it('stops with its caller', async () => {
  const [reader] = windowsAntivirus(new FakeWindows().services({}).machine).readers;
  const fake = new FakeWindows();
  await expect(reader?.read(context(fake), AbortSignal.abort())).rejects.toThrow();
});
