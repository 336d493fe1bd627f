/** Microsoft Defender over written samples: nothing here has run on a real Windows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandError } from '../../system/run-command.ts';
import { parseAnswer } from '../windows/script-answer.ts';
import { FakeWindows, sample, signal } from '../windows/testing/fake-windows.ts';
import { defenderStatus, readDefender } from './defender-windows.ts';

const statusOf = (name: string) => defenderStatus(parseAnswer(sample(name)));

describe('defenderStatus', () => {
  it('reads PowerShell 7', () => {
    expect(statusOf('mpcomputerstatus-ps7-isodates.json')).toEqual({
      version: '4.18.26070.9',
      running: true,
      realtime: true,
      mode: 'active',
      engineVersion: '1.1.26070.7',
      signatureVersion: '1.457.328.0',
      signatureTime: Date.UTC(2026, 7, 24, 13, 41, 36),
      outOfDate: false,
      quickScan: Date.UTC(2026, 7, 23, 22, 0, 12, 123),
      fullScan: undefined,
      neverScanned: true,
      tamperProtected: false,
      pendingAction: undefined,
      source: 'MSFT_MpComputerStatus',
      problem: undefined,
    });
  });

  it('reads passive mode', () => {
    expect(statusOf('mpcomputerstatus-passive-mode.json')).toMatchObject({
      realtime: false,
      mode: 'passive',
      running: true,
      signatureTime: 1_787_604_096_000,
    });
  });

  it('reads an engine that does not run', () => {
    expect(statusOf('mpcomputerstatus-not-running.json')).toMatchObject({
      realtime: false,
      running: false,
      mode: 'not_running',
      engineVersion: undefined,
      signatureVersion: undefined,
      signatureTime: undefined,
      outOfDate: undefined,
      neverScanned: undefined,
    });
  });

  it('reads PowerShell 5.1 with its zeros', () => {
    expect(statusOf('mpcomputerstatus-ps51-off-never.json')).toMatchObject({
      realtime: false,
      mode: 'disabled',
      signatureTime: undefined,
      outOfDate: true,
      neverScanned: true,
    });
  });

  const good = { AMRunningMode: 'Normal', AMEngineVersion: '1.1.2', RealTimeProtectionEnabled: true };

  it.each([
    ['a service that does not run', { AMServiceEnabled: false }],
    ['an engine that does not run', { AMEngineVersion: '0.0.0.0' }],
    ['an engine without a version', { AMEngineVersion: null }],
    ['passive mode', { AMRunningMode: 'SxS Passive Mode' }],
  ])('does not believe in protection beside %s', (_name, other) => {
    expect(defenderStatus(good).realtime).toBe(true);
    const status = defenderStatus({ ...good, ...other });
    expect(status.realtime).toBeUndefined();
    expect(status.problem).toContain('not in use');
  });

  it.each([
    [{ RebootRequired: true, FullScanRequired: true }, 'reboot'],
    [{ FullScanRequired: true }, 'full_scan'],
    [{ ProductStatus: 0x180000 }, 'platform_update'],
    [{ ProductStatus: 524_288 }, undefined],
  ])('knows what %j waits for', (fields, pendingAction) => {
    expect(defenderStatus(fields).pendingAction).toBe(pendingAction);
  });

  it('takes any JSON', () => {
    const key = fc.constantFrom(...Object.keys(parseAnswer(sample('mpcomputerstatus-ps7-isodates.json'))));
    const value = fc.jsonValue().filter((json) => json !== true);
    fc.assert(
      fc.property(fc.dictionary(key, value), (fields) => {
        expect(defenderStatus(fields).realtime).not.toBe(true);
      }),
    );
  });
});

describe('readDefender', () => {
  const signatures = 'reg.exe query HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Signature Updates';
  const answer = sample('script-answer-protection.json');

  it('is nothing on a machine without it', async () => {
    expect(await readDefender(new FakeWindows().services({}).machine, signal)).toEqual([]);
  });

  it('is not asked while its service does not run', async () => {
    const fake = new FakeWindows().services({ WinDefend: 'stopped' }).answer('powershell.exe', answer);
    expect(await readDefender(fake.machine, signal)).toMatchObject([
      { product: 'defender', readState: 'ok', running: false, realtime: false, mode: 'not_running' },
    ]);
    expect(fake.count('powershell.exe')).toBe(0);
  });

  it('is asked while it runs', async () => {
    const fake = new FakeWindows().services({ WinDefend: 'running' }).answer('powershell.exe', answer);
    expect(await readDefender(fake.machine, signal)).toMatchObject([
      {
        product: 'defender',
        readState: 'ok',
        realtime: true,
        mode: 'active',
        activeThreats: 1,
        licenceStatus: 'builtin',
      },
    ]);
  });

  it.each([
    ['hangs', new CommandError('it did not end', { failure: 'timeout' }), 'timeout'],
    ['says nothing', '', 'error'],
    ['fails', '{"v":1,"mp_error":"0x800106ba"}', 'error'],
    ['gives an empty text', '{"v":1,"mp":""}', 'error'],
  ])('has its versions but no state when PowerShell %s', async (_name, output, readState) => {
    const fake = new FakeWindows().services({ WinDefend: 'running' }).answer('powershell.exe', output);
    fake.answer(signatures, sample('reg-query-defender-signature-updates.txt'));
    const [status] = await readDefender(fake.machine, signal);
    expect(status).toMatchObject({
      readState,
      running: true,
      signatureVersion: '1.457.328.0',
      engineVersion: '1.1.26070.7',
      signatureTime: 1_787_659_140_865,
    });
    expect(status?.realtime).toBeUndefined();
    expect(status?.problem).toBeTypeOf('string');
  });
});
