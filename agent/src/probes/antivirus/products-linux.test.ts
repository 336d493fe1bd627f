import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProductStatus } from './bitdefender-linux.ts';
import type { Reading } from './command-reader-linux.ts';
import { parseFalcon } from './crowdstrike-linux.ts';
import { parseEset, parseLicence } from './eset-linux.ts';
import { parseAppInfo } from './kesl.ts';
import { parseHealth } from './mdatp.ts';
import { parseSentinel } from './sentinelone-linux.ts';
import { parseSavdstatus } from './sophos-linux.ts';
import { parseDsaQuery } from './trend-linux.ts';

const folder = join(import.meta.dirname, '../../../../tests/fixtures/antivirus/linux');
const sample = (name: string) => readFileSync(join(folder, name), 'utf8');
const local = (...parts: [number, number, number, number, number, number]) => new Date(...parts).getTime();

const eset = (text: string) => {
  const [version = '', modules = '', licence = ''] = text.split('\f');
  return { ...parseEset(version, modules), ...parseLicence(licence) };
};
const esetSample = ['eset-upd-version.txt', 'eset-upd-list-modules.txt', 'eset-lic-status.txt'].map(sample).join('\f');

const kesl12 = {
  version: '12.1.0.1543',
  realtime: true,
  signatureTime: local(2026, 10, 19, 21, 34, 0),
  licenceStatus: 'valid',
  licenceExpires: Date.UTC(2027, 5, 30, 17),
} as const;

/** What each says, and the word without which none may say that real-time protection is on. */
const samples: readonly (readonly [string, string, (text: string) => Reading, RegExp, Reading])[] = [
  [
    'KESL 12',
    sample('kesl-app-info-12-en.txt'),
    parseAppInfo,
    /available and running/i,
    {
      ...kesl12,
      name: 'Kaspersky Endpoint Security 12.3 for Linux',
      version: '12.3.0.1162',
      fullScan: local(2026, 10, 15, 5, 0, 11),
      neverScanned: false,
    },
  ],
  [
    'KESL 10, its labels, stopped and never scanned',
    sample('kesl-app-info-10-en.txt'),
    parseAppInfo,
    /available and running/i,
    {
      name: 'Kaspersky Endpoint Security 10.1.1 for Linux',
      version: '10.1.1.6421',
      realtime: false,
      signatureTime: local(2026, 10, 20, 3, 48, 0),
      neverScanned: true,
      licenceStatus: 'valid',
      licenceExpires: Date.UTC(2027, 1, 11),
    },
  ],
  [
    'KESL in Russian',
    sample('kesl-app-info-12-ru.txt'),
    parseAppInfo,
    /доступ\S* и запущен/i,
    {
      ...kesl12,
      name: 'Kaspersky Endpoint Security 12.1 для Linux',
      fullScan: local(2026, 10, 15, 5, 0, 11),
      neverScanned: false,
    },
  ],
  [
    'KESL in Vietnamese',
    sample('kesl-app-info-12-vi.UNVERIFIED.txt'),
    parseAppInfo,
    /khả dụng và đang chạy/i,
    { ...kesl12, name: 'Kaspersky Endpoint Security 12.1 for Linux', neverScanned: true },
  ],
  [
    'KESL without databases',
    sample('kesl-app-info-no-databases-en.txt'),
    parseAppInfo,
    /available and running/i,
    {
      name: 'Kaspersky Endpoint Security 12.3 for Linux',
      version: '12.3.0.1162',
      realtime: false,
      licenceStatus: 'expired',
      licenceExpires: Date.UTC(2026, 5, 30, 17),
      problem: 'its databases are not loaded',
    },
  ],
  [
    'Defender for Endpoint',
    sample('mdatp-health.json'),
    parseHealth,
    /true/,
    {
      version: '101.25082.0003',
      realtime: true,
      engineVersion: '1.1.26070.7',
      signatureVersion: '1.457.328.0',
      signatureTime: 1_795_377_153_787,
      outOfDate: false,
      licenceStatus: 'valid',
      licenceExpires: 1_810_376_068_000,
      tamperProtected: true,
    },
  ],
  [
    'Defender for Endpoint, passive, old form of settings',
    sample('mdatp-health-passive.json'),
    parseHealth,
    /true/,
    {
      version: '101.23062.0010',
      realtime: false,
      mode: 'passive',
      engineVersion: '1.1.23070.1002',
      signatureVersion: '1.395.30.0',
      signatureTime: 1_791_587_153_787,
      outOfDate: true,
      licenceStatus: 'valid',
      licenceExpires: 1_812_756_068_000,
      tamperProtected: false,
      problem: 'definitions are out of date',
    },
  ],
  [
    'ESET',
    esetSample,
    eset,
    /(?!)/,
    {
      version: '12.0.13.0',
      signatureVersion: '31832',
      signatureTime: Date.UTC(2026, 10, 18),
      licenceStatus: 'valid',
      licenceExpires: Date.UTC(2027, 5, 21),
    },
  ],
  [
    'Bitdefender',
    sample('bduitool-get-ps.txt'),
    parseProductStatus,
    /on/i,
    {
      version: '7.0.5.200089',
      engineVersion: '7.98123',
      signatureVersion: '7.98123',
      signatureTime: Date.UTC(2026, 10, 22, 4, 44, 37),
      realtime: true,
      outOfDate: false,
    },
  ],
  [
    'SentinelOne',
    sample('sentinelctl.txt'),
    parseSentinel,
    /enabled/i,
    {
      version: '30.1.1.10',
      realtime: true,
      tamperProtected: true,
      managed: true,
      problem: 'it does not reach its management',
    },
  ],
  [
    'CrowdStrike',
    sample('falconctl.txt'),
    parseFalcon,
    /rfm-state\s*=\s*false/,
    { version: '7.14.16703.0', managed: true, realtime: true },
  ],
  [
    'CrowdStrike with reduced functionality',
    sample('falconctl-reduced.txt'),
    parseFalcon,
    /rfm-state\s*=\s*false/,
    {
      version: '7.14.16703.0',
      managed: false,
      realtime: false,
      problem: 'reduced functionality mode: the kernel is not supported',
    },
  ],
  [
    'Deep Security',
    sample('dsa-query.txt'),
    parseDsaQuery,
    /on/i,
    {
      version: '20.0',
      realtime: true,
      managed: true,
      managementServer: 'https://dsm.example.vn:4120/',
      licenceExpires: 1_814_400_000_000,
    },
  ],
  [
    'Deep Security without its driver',
    sample('dsa-query-driver-offline.txt'),
    parseDsaQuery,
    /on/i,
    { version: '20.0', realtime: false, problem: 'the driver of its anti-malware module is offline' },
  ],
  [
    'Sophos Anti-Virus',
    sample('savdstatus.txt'),
    parseSavdstatus,
    /on-access scanning is running/,
    { realtime: true, problem: 'this version is no longer supported by its maker' },
  ],
];

describe('samples', () => {
  test.each(samples)('%s', (_name, text, parse, _proof, expected) => {
    expect(JSON.parse(JSON.stringify(parse(text)))).toEqual(expected);
  });

  test.each(samples)('%s: with Windows line ends it says the same', (_name, text, parse, _proof, expected) => {
    expect(parse(text.replace(/\n/g, '\r\n'))).toMatchObject(expected);
  });
});

describe('what is not understood', () => {
  test.each([
    ['1\n', parseHealth, 'mdatp health is not an object: "1\\n"'],
    ['', parseHealth, 'mdatp health is not JSON: ""'],
    ['{}', parseHealth, 'mdatp health names no version: "{}"'],
    ['Permission denied\n', parseAppInfo, 'no line of kesl-control is understood: "Permission denied\\n"'],
    ['', parseSavdstatus, 'savdstatus is not understood: ""'],
    ['error', parseFalcon, 'falconctl is not understood: "error"'],
  ] as const)('%j is an error that names it', (text, parse, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  test('a state of file protection in unknown words is unknown, and said', () => {
    const text = sample('kesl-app-info-12-en.txt').replace('Available and running', 'Verfügbar und läuft');
    const { realtime, problem } = parseAppInfo(text);
    expect({ realtime, problem }).toEqual({
      realtime: undefined,
      problem: 'the state of its file protection is not understood: "Verfügbar und läuft"',
    });
  });

  test.each(samples)(
    '%s spoilt: a reading or an error, never protection that nothing speaks of',
    (_n, text, parse, proof) => {
      const spoilt = fc.array(
        fc.record({ at: fc.nat(text.length), remove: fc.nat(40), put: fc.string({ maxLength: 12, unit: 'binary' }) }),
        { minLength: 1, maxLength: 4 },
      );
      fc.assert(
        fc.property(spoilt, (changes) => {
          let made = text;
          for (const { at, remove, put } of changes) made = made.slice(0, at) + put + made.slice(at + remove);
          checkReading(made, parse, proof);
        }),
        { numRuns: 300 },
      );
    },
  );

  test.each(samples)('%s: a reading or an error for any text', (_name, _text, parse, proof) => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => checkReading(text, parse, proof)));
  });
});

function checkReading(text: string, parse: (text: string) => Reading, proof: RegExp): void {
  let reading: Reading;
  try {
    reading = parse(text);
  } catch (error) {
    // A message for a person, not a slip of the parser.
    if (error instanceof Error && /is not|is understood|names no/.test(error.message)) return;
    throw error;
  }
  if (reading.realtime === true && !proof.test(text)) throw new Error(`protected by ${JSON.stringify(text)}`);
  for (const time of [reading.signatureTime, reading.licenceExpires, reading.fullScan]) {
    if (time !== undefined && !(time >= Date.UTC(1999, 11, 31) && time < Date.UTC(2100, 0, 2)))
      throw new Error(`time ${time}`);
  }
}
