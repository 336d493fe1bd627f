/** What the makers' own sources say, over written samples: nothing here has run on a real Windows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRegistryQuery, type RegistryKey } from '../../system/registry-query.ts';
import { sample } from '../windows/testing/fake-windows.ts';
import { parseUpdateStatus, parseVersion } from './bitdefender-windows.ts';
import { ermmResult, esetLicence, esetProtection, esetUpdate, esetVersions } from './eset-windows.ts';
import { kasperskyState, parseKescliState } from './kaspersky-windows.ts';
import { productCalled, tagOf } from './products-windows.ts';
import { sophosHealth } from './sophos-windows.ts';
import { symantecState } from './symantec-windows.ts';
import { trellixState } from './trellix-windows.ts';
import { trendVersions } from './trend-windows.ts';

function key(values: Readonly<Record<string, string | number>>): RegistryKey {
  const lines = Object.entries(values).map(([name, value]) =>
    typeof value === 'number'
      ? `    ${name}    REG_DWORD    0x${value.toString(16)}`
      : `    ${name}    REG_SZ    ${value}`,
  );
  const [parsed] = parseRegistryQuery(['HKEY_X', ...lines].join('\r\n'));
  if (parsed === undefined) throw new Error('no key');
  return parsed;
}

describe('Kaspersky', () => {
  const text = sample('kaspersky-avstate-reg-query.txt');

  it('reads what its Network Agent writes', () => {
    expect(parseRegistryQuery(text).map(kasperskyState)).toEqual([
      {
        realtime: true,
        mode: 'active',
        signatureTime: Date.UTC(2026, 10, 19, 21, 34),
        fullScan: Date.UTC(2026, 10, 15, 5, 0, 11),
        neverScanned: false,
        managed: true,
        managementServer: 'ksc.tinh.gov.vn',
        source: 'registry AVState',
      },
    ]);
  });

  it.each([
    [0, undefined, undefined],
    [1, false, 'disabled'],
    [2, false, 'disabled'],
    [3, undefined, 'starting'],
    [4, true, 'active'],
    [8, true, 'active'],
    [9, false, 'disabled'],
    [10, undefined, undefined],
  ])('reads the state %i', (state, realtime, mode) => {
    expect(kasperskyState(key({ Protection_RtpState: state, Protection_AvRunning: 1 }))).toMatchObject({
      realtime,
      mode,
    });
  });

  it('does not believe in protection by a product that does not run', () => {
    expect(kasperskyState(key({ Protection_RtpState: 4, Protection_AvRunning: 0 })).realtime).toBeUndefined();
    expect(kasperskyState(key({ Protection_RtpState: 4 })).realtime).toBeUndefined();
  });

  it('takes an empty date for never', () => {
    const state = kasperskyState(key({ Protection_LastFscan: '', Protection_BasesDate: '01-01-1601 00-00-00' }));
    expect(state).toMatchObject({ neverScanned: true, fullScan: undefined, signatureTime: undefined });
  });

  it.each([
    ['1\r\n', true],
    ['0', false],
    ['', undefined],
    ['10', undefined],
    ['kescli: lỗi 1', undefined],
  ])('reads %j of kescli', (output, expected) => {
    expect(parseKescliState(output)).toBe(expected);
  });
});

describe('ESET', () => {
  const result = (name: string) => ermmResult(sample(name)) ?? {};

  it('is protected when it says so and nothing else', () => {
    expect(esetProtection(result('eset-ermm-protection-status-ok.json'))).toEqual({ realtime: true, mode: 'active' });
  });

  it('is not known to be protected with an alert', () => {
    const status = esetProtection(result('eset-ermm-protection-status.json'));
    expect(status).toMatchObject({
      realtime: undefined,
      licenceStatus: 'none',
      problem: 'it reports EkrnNotActivated',
    });
  });

  it('reads updates and licence', () => {
    expect(esetUpdate(result('eset-ermm-update-status.json'))).toEqual({
      updateAttempt: new Date(2026, 10, 20, 13, 21, 37).getTime(),
      updateSucceeded: true,
    });
    expect(esetLicence(result('eset-ermm-license-info.json'))).toEqual({
      licenceStatus: 'valid',
      licenceExpires: Date.UTC(2027, 11, 31),
    });
  });

  it.each(['', 'RMM is disabled', 'null', '[]', '{"id":1,"result":null,"error":{"id":3}}', '{"result":[]}'])(
    'takes %j for no answer',
    (text) => {
      expect(ermmResult(text)).toBeUndefined();
    },
  );

  it('finds version and date of the signatures', () => {
    const info = key({
      ProductName: 'ESET Endpoint Security',
      ProductVersion: '12.0.2045.0',
      ScannerVersion: '31832 (20250909)',
    });
    expect(esetVersions(info)).toMatchObject({
      name: 'ESET Endpoint Security',
      version: '12.0.2045.0',
      signatureVersion: '31832',
      signatureTime: Date.UTC(2025, 8, 9),
    });
    expect(esetVersions(key({ ScannerVersion: '31832' })).signatureTime).toBeUndefined();
  });
});

it('reads Bitdefender', () => {
  expect(parseUpdateStatus(sample('bitdefender-product-console-GetUpdateStatus-antivirus.txt'))).toEqual({
    signatureTime: 1_795_150_811_000,
    updateAttempt: 1_795_150_811_000,
    updateSucceeded: true,
  });
  expect(parseUpdateStatus('lastSucceededTime: 0\r\nlastError: -1003\r\n')).toEqual({});
  expect(parseUpdateStatus('lastError: 5')).toMatchObject({ updateSucceeded: false });
  expect([parseVersion('7.9.20.515\r\n'), parseVersion('Lỗi')]).toEqual(['7.9.20.515', undefined]);
});

it('reads Symantec', () => {
  const state = {
    ASRunningStatus: 1,
    LatestVirusDefsDate: '2026-11-19',
    LatestVirusDefsRevision: 3,
    LastServerIP: '192.0.2.5',
  };
  expect(symantecState(key(state), key({ OnOff: 1 }))).toMatchObject({
    realtime: true,
    mode: 'active',
    signatureVersion: '2026-11-19 r3',
    signatureTime: Date.UTC(2026, 10, 19),
    managementServer: '192.0.2.5',
  });
  expect(symantecState(key(state), key({ OnOff: 0 })).realtime).toBe(false);
  expect(symantecState(key({ ...state, ASRunningStatus: 0 }), key({ OnOff: 1 })).realtime).toBe(false);
  expect(symantecState(key(state), undefined).realtime).toBeUndefined();
  expect(symantecState(key({}), key({ OnOff: 1 })).realtime).toBeUndefined();
});

it('reads Trellix', () => {
  const content = key({ dwContentMajorVersion: 5432, szContentCreationDate: '2026-11-18' });
  expect(trellixState(key({ enableoas: 1 }), content)).toMatchObject({
    realtime: true,
    signatureVersion: '5432',
    signatureTime: Date.UTC(2026, 10, 18),
  });
  expect(trellixState(key({ enableoas: 0 }), undefined).realtime).toBe(false);
  expect(trellixState(key({ enableoas: 2 }), undefined).realtime).toBeUndefined();
});

it('reads versions of Trend Micro, and no state', () => {
  expect(trendVersions(key({ TmListen_Ver: '14.0', InternalNonCrcPatternVer: 1_995_307 }))).toEqual({
    version: '14.0',
    signatureVersion: '19.953.07',
    source: 'registry PC-cillinNTCorp',
  });
});

it('reads the health of Sophos, and never that it protects', () => {
  expect(sophosHealth(key({ health: 1, service: 1, threat: 1 }))).toEqual({
    problem: undefined,
    source: 'registry Sophos Health',
  });
  expect(sophosHealth(key({ health: 3, service: 3, threat: 3, admin: 3 })).problem).toContain('not dealt with');
});

describe('productCalled', () => {
  it.each([
    ['Bkav Endpoint AI', 'bkav'],
    ['CMC Antivirus', 'cmc'],
    ['Viettel Endpoint Detection & Response', 'viettel'],
    ['Kaspersky Endpoint Security for Windows', 'kaspersky'],
    ['ESET Security', 'eset'],
    ['Kaspersky Security Center Network Agent', undefined],
    ['ESET Management Agent', undefined],
    ['Microsoft Visual C++', undefined],
    ['RESET Tool', undefined],
  ])('knows %s', (title, product) => {
    expect(productCalled(title)?.product).toBe(product);
  });

  it('makes a tag of any other name', () => {
    expect(tagOf('Panda Free 2.0')).toBe('other-panda-free-2-0');
    expect(tagOf('防病毒')).toBe('other-unnamed');
    expect(tagOf('x'.repeat(300))).toHaveLength('other-'.length + 40);
  });
});

it('takes no garbage for protection', () => {
  const noise = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(noise, noise, (text, other) => {
      const keys = [
        ...parseRegistryQuery(text),
        key({}),
        ...parseRegistryQuery(`HKEY_X\n    ${text}    REG_SZ    ${other}`),
      ];
      for (const one of keys) {
        expect(kasperskyState(one).realtime).not.toBe(true);
        expect(symantecState(one, one).realtime).not.toBe(true);
        expect(trellixState(one, one).realtime).not.toBe(true);
        expect(esetVersions(one)).not.toHaveProperty('realtime');
      }
      expect(esetProtection(ermmResult(text) ?? {}).realtime).not.toBe(true);
      parseUpdateStatus(text);
    }),
  );
});

it('takes no spoilt alert of ESET for protection', () => {
  const text = sample('eset-ermm-protection-status.json');
  const position = fc.nat(text.length);
  fc.assert(
    fc.property(position, position, (from, to) => {
      const spoilt = text.slice(0, from) + text.slice(to);
      expect(esetProtection(ermmResult(spoilt) ?? {}).realtime).not.toBe(true);
    }),
  );
});
