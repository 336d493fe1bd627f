/**
 * What the agent reads of protection products and of a machine's settings: output of programs, files, registry, events.
 * All of it may be garbage. A parser may find nothing or throw an `Error` of its own, which is a failed reading; it may
 * not fail in another way, and it may not call a product on that nothing in the text calls on.
 */
import { readFileSync } from 'node:fs';
import { parseProductStatus } from '../../agent/src/probes/antivirus/bitdefender-linux.ts';
import { parseUpdateStatus, parseVersion } from '../../agent/src/probes/antivirus/bitdefender-windows.ts';
import { openPort, parseConfig } from '../../agent/src/probes/antivirus/clamav-config.ts';
import { parseHeader } from '../../agent/src/probes/antivirus/clamav-database.ts';
import { parseFind } from '../../agent/src/probes/antivirus/clamav-log.ts';
import { parseVersion as parseClamdVersion } from '../../agent/src/probes/antivirus/clamav-socket.ts';
import { parseFalcon } from '../../agent/src/probes/antivirus/crowdstrike-linux.ts';
import { detectionsOf } from '../../agent/src/probes/antivirus/defender-detections.ts';
import { defenderStatus, defenderVersions } from '../../agent/src/probes/antivirus/defender-windows.ts';
import { categoryOf } from '../../agent/src/probes/antivirus/detection-category.ts';
import { parseStatus } from '../../agent/src/probes/antivirus/dpkg-status.ts';
import { parseVirlog } from '../../agent/src/probes/antivirus/eset-detections-windows.ts';
import { parseEset, parseLicence } from '../../agent/src/probes/antivirus/eset-linux.ts';
import {
  ermmResult,
  esetLicence,
  esetProtection,
  esetUpdate,
  esetVersions,
} from '../../agent/src/probes/antivirus/eset-windows.ts';
import { parseFreshclamLog } from '../../agent/src/probes/antivirus/freshclam-log.ts';
import { parsePrograms } from '../../agent/src/probes/antivirus/installed-windows.ts';
import { kasperskyDetection } from '../../agent/src/probes/antivirus/kaspersky-events-windows.ts';
import { kasperskyState, parseKescliState } from '../../agent/src/probes/antivirus/kaspersky-windows.ts';
import { parseAppInfo } from '../../agent/src/probes/antivirus/kesl.ts';
import { parseKeslEvents } from '../../agent/src/probes/antivirus/kesl-detections.ts';
import { parseDate, parseLabelledLines } from '../../agent/src/probes/antivirus/labelled-lines.ts';
import { parseHealth } from '../../agent/src/probes/antivirus/mdatp.ts';
import { maskOf } from '../../agent/src/probes/antivirus/processes-linux.ts';
import type { MalwareDetection, ProductStatus } from '../../agent/src/probes/antivirus/product-status.ts';
import { productCalled, tagOf } from '../../agent/src/probes/antivirus/products-windows.ts';
import { reducePersonal } from '../../agent/src/probes/antivirus/reduce-personal.ts';
import { fromKey, fromScript, newestOfEach } from '../../agent/src/probes/antivirus/security-center-windows.ts';
import { parseSentinel } from '../../agent/src/probes/antivirus/sentinelone-linux.ts';
import { parseSavdstatus } from '../../agent/src/probes/antivirus/sophos-linux.ts';
import { sophosHealth } from '../../agent/src/probes/antivirus/sophos-windows.ts';
import { symantecDetection } from '../../agent/src/probes/antivirus/symantec-events-windows.ts';
import { symantecState } from '../../agent/src/probes/antivirus/symantec-windows.ts';
import { tamperingOf } from '../../agent/src/probes/antivirus/tamper-windows.ts';
import { trellixState } from '../../agent/src/probes/antivirus/trellix-windows.ts';
import { parseDsaQuery } from '../../agent/src/probes/antivirus/trend-linux.ts';
import { trendVersions } from '../../agent/src/probes/antivirus/trend-windows.ts';
import { countAdmins } from '../../agent/src/probes/posture/accounts-linux.ts';
import { parseAptPeriodic } from '../../agent/src/probes/posture/automatic-updates-linux.ts';
import { compareVersions } from '../../agent/src/probes/posture/compare-versions.ts';
import { firewallFields } from '../../agent/src/probes/posture/firewall-windows.ts';
import { parseIptablesInput } from '../../agent/src/probes/posture/iptables-rules.ts';
import { parseListening } from '../../agent/src/probes/posture/listening-ports.ts';
import { parseNftRuleset } from '../../agent/src/probes/posture/nft-ruleset.ts';
import { parseOsRelease } from '../../agent/src/probes/posture/os-release.ts';
import {
  parseAptSimulation,
  parseDnfSecurity,
  parseDnfUpdates,
  parseZypper,
} from '../../agent/src/probes/posture/package-updates.ts';
import { parseSambaMinimum } from '../../agent/src/probes/posture/samba-config.ts';
import { releaseFields, settingsFields } from '../../agent/src/probes/posture/settings-windows.ts';
import { parseRootPassword } from '../../agent/src/probes/posture/sshd-config.ts';
import { linuxSupportEnd, supportFields } from '../../agent/src/probes/posture/support-ends.ts';
import { updateFields } from '../../agent/src/probes/posture/updates-windows.ts';
import { listOf, parseAnswer } from '../../agent/src/probes/windows/script-answer.ts';
import { parseWindowsEvents } from '../../agent/src/system/event-xml.ts';
import { parseRegistryQuery, type RegistryKey } from '../../agent/src/system/registry-query.ts';
import { mutate } from './mutate.ts';
import type { Outcome, Reader } from './readers.ts';

const fixtures = new URL('../fixtures/', import.meta.url);
const now = Date.UTC(2026, 10, 23);

function linux(...names: readonly [string, ...string[]]): Texts {
  return samples('antivirus/linux', names);
}

function windows(...names: readonly [string, ...string[]]): Texts {
  return samples('antivirus/windows', names);
}

function posture(...names: readonly [string, ...string[]]): Texts {
  return samples('posture', names);
}

export function samples(folder: string, [first, ...rest]: readonly [string, ...string[]]): Texts {
  const read = (name: string) => readFileSync(new URL(`${folder}/${name}`, fixtures));
  return [read(first), ...rest.map(read)];
}

type Texts = readonly [Buffer | string, ...(Buffer | string)[]];

export interface Parser {
  /** The file that it is for, below `agent/src/probes`. */
  readonly file: string;
  readonly good: Texts;
  readonly parse: (text: string) => unknown;
  /** Must be in a text of which the parser says that files are watched. */
  readonly proof?: RegExp;
}

const registry = (values: Readonly<Record<string, number | string>>): string =>
  [
    'HKEY_LOCAL_MACHINE\\SOFTWARE\\X',
    ...Object.entries(values).map(([name, value]) =>
      typeof value === 'number'
        ? `    ${name}    REG_DWORD    0x${value.toString(16)}`
        : `    ${name}    REG_SZ    ${value}`,
    ),
  ].join('\r\n');

/** Of the first key that reg.exe prints. */
const ofKey = (parse: (key: RegistryKey) => unknown) => (text: string) => {
  const [key] = parseRegistryQuery(text);
  return key === undefined || key.values.size === 0 ? undefined : parse(key);
};

/** Of what a script printed. */
const ofScript = (text: string) => ({ fields: parseAnswer(text), error: undefined });

const ermm = (parse: (result: NonNullable<ReturnType<typeof ermmResult>>) => unknown) => (text: string) => {
  const result = ermmResult(text);
  return result && parse(result);
};

export const protectionParsers: readonly Parser[] = [
  {
    file: 'antivirus/bitdefender-linux.ts',
    good: linux('bduitool-get-ps.txt'),
    parse: parseProductStatus,
    proof: /antimalware status:\s*on/i,
  },
  {
    file: 'antivirus/bitdefender-windows.ts',
    good: [...windows('bitdefender-product-console-GetUpdateStatus-antivirus.txt'), '7.9.5.318\r\n'],
    parse: (text) => parseVersion(text) ?? parseUpdateStatus(text),
  },
  {
    file: 'antivirus/clamav-config.ts',
    good: ['LocalSocket /run/clamav/clamd.ctl\nTCPSocket 3310\nTCPAddr ::1\nOnAccessPrevention yes\n'],
    parse(text) {
      const config = parseConfig(text);
      const port = config.get('TCPSocket')?.at(-1);
      openPort({ tcp: port === undefined ? undefined : { port, addresses: config.get('TCPAddr') ?? [] } });
      return config;
    },
  },
  { file: 'antivirus/clamav-database.ts', good: linux('cvd-header-512bytes.bin'), parse: parseHeader },
  {
    file: 'antivirus/clamav-log.ts',
    good: linux('clamd.log', 'clamonacc.log'),
    parse: (text) => text.split('\n').flatMap((line) => parseFind(line) ?? []),
  },
  {
    file: 'antivirus/clamav-socket.ts',
    good: linux('clamd-version-with-db.bin', 'clamd-version-no-official-db.bin'),
    parse: parseClamdVersion,
  },
  {
    file: 'antivirus/crowdstrike-linux.ts',
    good: linux('falconctl.txt', 'falconctl-reduced.txt'),
    parse: parseFalcon,
    proof: /rfm-state\s*=\s*false\b/,
  },
  {
    file: 'antivirus/defender-detections.ts',
    good: windows('wevtutil-events-actions-vi.xml', 'wevtutil-events-wrapped.xml'),
    parse: (text) => detectionsOf(parseWindowsEvents(text).events),
  },
  {
    file: 'antivirus/tamper-windows.ts',
    good: windows('wevtutil-events-wrapped.xml'),
    parse: (text) => tamperingOf(parseWindowsEvents(text).events),
  },
  {
    file: 'antivirus/defender-windows.ts',
    good: [
      ...windows('mpcomputerstatus-passive-mode.json', 'mpcomputerstatus-ps7-isodates.json'),
      ...windows('mpcomputerstatus-not-running.json', 'mpcomputerstatus-ps51-off-never.json'),
    ] as unknown as Texts,
    parse: (text) => defenderStatus(parseAnswer(text)),
    proof: /true/,
  },
  {
    file: 'antivirus/defender-windows.ts',
    good: windows('reg-query-defender-signature-updates.txt'),
    parse: ofKey(defenderVersions),
  },
  {
    file: 'antivirus/detection-category.ts',
    good: ['HEUR:Trojan-Ransom.Win32.Agent.gen', 'not-a-virus:AdWare.X'],
    parse: (text) => (categoryOf(text) === 'other' ? undefined : categoryOf(text)),
  },
  {
    file: 'antivirus/dpkg-status.ts',
    good: ['Package: clamav\nStatus: install ok installed\nVersion: 1.4.3+dfsg-1~deb12u1\n\n'],
    parse: parseStatus,
  },
  {
    file: 'antivirus/eset-detections-windows.ts',
    good: windows('eset-ermm-logs-virlog.json', 'eset-ermm-logs-empty-error3.json'),
    parse: parseVirlog,
  },
  {
    file: 'antivirus/eset-linux.ts',
    good: linux('eset-upd-list-modules.txt', 'eset-upd-version.txt', 'eset-lic-status.txt'),
    parse: (text) => ({ ...parseLicence(text), ...parseEset(text, text) }),
  },
  {
    file: 'antivirus/eset-windows.ts',
    good: windows('eset-ermm-protection-status-ok.json', 'eset-ermm-protection-status.json'),
    parse: ermm(esetProtection),
    proof: /"status"/,
  },
  { file: 'antivirus/eset-windows.ts', good: windows('eset-ermm-update-status.json'), parse: ermm(esetUpdate) },
  { file: 'antivirus/eset-windows.ts', good: windows('eset-ermm-license-info.json'), parse: ermm(esetLicence) },
  {
    file: 'antivirus/eset-windows.ts',
    good: [registry({ ProductName: 'ESET Security', ScannerVersion: '31832 (20261119)' })],
    parse: ofKey(esetVersions),
  },
  { file: 'antivirus/freshclam-log.ts', good: linux('freshclam.log'), parse: parseFreshclamLog },
  {
    file: 'antivirus/installed-windows.ts',
    good: windows('reg-query-uninstall-vi.txt'),
    parse: (text) => parsePrograms(parseRegistryQuery(text)),
  },
  {
    file: 'antivirus/kaspersky-events-windows.ts',
    good: windows('wevtutil-kaspersky.xml'),
    parse: (text) => parseWindowsEvents(text).events.flatMap((event) => kasperskyDetection(event) ?? []),
  },
  {
    file: 'antivirus/symantec-events-windows.ts',
    good: windows('wevtutil-symantec.xml'),
    parse: (text) => parseWindowsEvents(text).events.flatMap((event) => symantecDetection(event) ?? []),
  },
  {
    file: 'antivirus/kaspersky-windows.ts',
    good: windows('kaspersky-avstate-reg-query.txt'),
    parse: ofKey(kasperskyState),
    proof: /Protection_RtpState/i,
  },
  {
    file: 'antivirus/kaspersky-windows.ts',
    good: ['1\r\n', '0\r\n'],
    parse: (text) => ({ realtime: parseKescliState(text) }),
    proof: /^\s*1\s*$/,
  },
  {
    file: 'antivirus/kesl.ts',
    good: linux('kesl-app-info-12-en.txt', 'kesl-app-info-12-ru.txt', 'kesl-app-info-12-vi.UNVERIFIED.txt'),
    parse: parseAppInfo,
    proof: /available and running|запущен|выполня|работа|đang chạy/iu,
  },
  {
    file: 'antivirus/kesl-detections.ts',
    good: linux('kesl-events.txt'),
    parse: (text) => parseKeslEvents(text, now).map(({ detection }) => detection),
  },
  {
    file: 'antivirus/labelled-lines.ts',
    good: ['Last: 2026-11-19 21:34:00\nKey:   value: more\n'],
    parse(text) {
      const lines = parseLabelledLines(text);
      for (const value of lines.values()) parseDate(value, 'local');
      return lines;
    },
  },
  {
    file: 'antivirus/mdatp.ts',
    good: linux('mdatp-health.json', 'mdatp-health-passive.json', 'mdatp-health-broken-service.txt'),
    parse: parseHealth,
    proof: /true/,
  },
  { file: 'antivirus/processes-linux.ts', good: linux('fdinfo-fanotify.txt'), parse: maskOf },
  {
    file: 'antivirus/products-windows.ts',
    good: ['Kaspersky Endpoint Security', 'Bkav Pro Internet Security'],
    parse(text) {
      if (!/^other-[a-z0-9-]{1,40}$/.test(tagOf(text))) throw new TypeError(`no tag: ${tagOf(text)}`);
      return productCalled(text);
    },
  },
  {
    file: 'antivirus/reduce-personal.ts',
    good: ['C:\\Users\\lan.nguyen\\a.exe http://a:b@host/x?y=1 /home/lan/x'],
    parse: (text) => (reducePersonal(text, 'reduced') === text ? undefined : 'reduced'),
  },
  {
    file: 'antivirus/security-center-windows.ts',
    good: windows('reg-query-securitycenter-provider-av.txt', 'reg-query-securitycenter-odd.txt'),
    parse: (text) => newestOfEach(parseRegistryQuery(text).flatMap((key) => fromKey(key) ?? [])),
  },
  {
    file: 'antivirus/security-center-windows.ts',
    good: windows('script-answer-protection.json'),
    parse: (text) => newestOfEach(listOf(parseAnswer(text).wsc).flatMap((entry) => fromScript(entry) ?? [])),
  },
  {
    file: 'antivirus/sentinelone-linux.ts',
    good: linux('sentinelctl.txt'),
    parse: parseSentinel,
    proof: /agent state.*enabled/is,
  },
  {
    file: 'antivirus/sophos-linux.ts',
    good: linux('savdstatus.txt'),
    parse: parseSavdstatus,
    proof: /on-access scanning is running/,
  },
  {
    file: 'antivirus/sophos-windows.ts',
    good: [registry({ health: 3, threat: 3, service: 1 })],
    parse: ofKey((key) => sophosHealth(key).problem),
  },
  {
    file: 'antivirus/symantec-windows.ts',
    good: [registry({ ASRunningStatus: 1, OnOff: 1, LatestVirusDefsDate: '2026-11-19', LatestVirusDefsRevision: 7 })],
    parse: ofKey((key) => symantecState(key, key)),
    proof: /ASRunningStatus/i,
  },
  {
    file: 'antivirus/trellix-windows.ts',
    good: [registry({ enableoas: 1, dwContentMajorVersion: 5_012, szContentCreationDate: '2026-11-19' })],
    parse: ofKey((key) => trellixState(key, key)),
    proof: /enableoas/i,
  },
  {
    file: 'antivirus/trend-linux.ts',
    good: linux('dsa-query.txt', 'dsa-query-driver-offline.txt'),
    parse: parseDsaQuery,
    proof: /component\.am\.mode:\s*on/i,
  },
  {
    file: 'antivirus/trend-windows.ts',
    good: [registry({ TmListen_Ver: '14.0.12032', InternalNonCrcPatternVer: 1_995_300 })],
    parse: ofKey(trendVersions),
  },
  {
    file: 'posture/accounts-linux.ts',
    good: ['root:x:0:0:root:/root:/bin/bash\nsudo:x:27:lan,minh\n'],
    parse: (text) => countAdmins(text, text),
  },
  {
    file: 'posture/automatic-updates-linux.ts',
    good: ['APT::Periodic::Unattended-Upgrade "1";\n'],
    parse: (text) => parseAptPeriodic([text]),
  },
  {
    file: 'posture/compare-versions.ts',
    good: ['6.1.0-9-amd64\n6.1.0-18-amd64\n'],
    parse(text) {
      const [one = '', other = ''] = text.split('\n');
      if (Math.sign(compareVersions(one, other)) + Math.sign(compareVersions(other, one)) !== 0)
        throw new TypeError('not an order');
      return compareVersions(one, other);
    },
  },
  {
    file: 'posture/firewall-windows.ts',
    good: [registry({ EnableFirewall: 1 }).replace('\\X', '\\DomainProfile')],
    parse(text) {
      const { firewall, firewall_domain } = firewallFields({ runs: true, local: parseRegistryQuery(text), policy: [] });
      if (firewall === true && !/PublicProfile/i.test(text)) throw new TypeError('a firewall that nothing speaks of');
      return firewall_domain;
    },
  },
  { file: 'posture/iptables-rules.ts', good: ['-P INPUT DROP\n-A INPUT -j ACCEPT\n'], parse: parseIptablesInput },
  {
    file: 'posture/listening-ports.ts',
    good: ['   0: 00000000:0D3D 00000000:0000 0A 00000000\n'],
    parse: parseListening,
  },
  {
    file: 'posture/nft-ruleset.ts',
    good: posture('nft-chains-drop.json', 'nft-jump-then-drop.json', 'nft-firewalld-like.json'),
    parse: parseNftRuleset,
  },
  {
    file: 'posture/os-release.ts',
    good: ['ID=debian\nVERSION_ID="12"\nID_LIKE="x y"\n'],
    parse: (text) => parseOsRelease(text).id,
  },
  {
    file: 'posture/package-updates.ts',
    good: posture('apt-get-dist-upgrade.txt'),
    parse: parseAptSimulation,
  },
  {
    file: 'posture/package-updates.ts',
    good: ['RHSA-2026:1234 Important/Sec. openssl-1:3.0.7-25.el9_3.x86_64\ncurl.x86_64  7.76.1-29.el9  baseos\n'],
    parse: (text) => parseDnfSecurity(text).length + parseDnfUpdates(text),
  },
  {
    file: 'posture/package-updates.ts',
    good: posture('zypper-list-patches.xml', 'zypper-list-updates.xml'),
    parse: (text) => parseZypper(text, text),
  },
  {
    file: 'posture/samba-config.ts',
    good: ['[global]\n  server min protocol = SMB2_02\n'],
    parse: (text) => (parseSambaMinimum(text) === 'default' ? undefined : parseSambaMinimum(text)),
  },
  {
    file: 'posture/settings-windows.ts',
    good: windows('script-answer-protection.json'),
    parse: (text) => settingsFields(ofScript(text)),
  },
  {
    file: 'posture/settings-windows.ts',
    good: [registry({ CurrentBuildNumber: '19045', EditionID: 'Professional', InstallationType: 'Client' })],
    parse: ofKey((key) => releaseFields(key, now).os_unsupported),
  },
  {
    file: 'posture/sshd-config.ts',
    good: ['PermitRootLogin yes\nInclude sshd_config.d/*.conf\nMatch User x\n'],
    parse: (text) => parseRootPassword(text, () => ['PasswordAuthentication no']),
  },
  {
    file: 'posture/support-ends.ts',
    good: ['ID=debian\nVERSION_ID="12"\n'],
    parse(text) {
      const end = linuxSupportEnd(parseOsRelease(text));
      return end === undefined ? undefined : supportFields(end, now);
    },
  },
  {
    file: 'posture/updates-windows.ts',
    good: windows('script-answer-updates.json'),
    parse: (text) => updateFields(ofScript(text)).updates,
  },
];

const isNothing = (value: unknown): boolean => {
  if (value === undefined || value === '' || value === 0 || value === false) return true;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof Map || value instanceof Set) return value.size === 0;
  return Object.entries(value).every(([key, one]) => key === 'problem' || isNothing(one));
};

/** Throws for what a parser may not give, whatever it was given. */
function check(value: unknown, { text, proof }: { text: string; proof: RegExp | undefined }): void {
  if (Array.isArray(value)) {
    for (const one of value as Partial<MalwareDetection>[]) {
      const isDetection = 'action' in one && 'severity' in one;
      if (isDetection && !(one.id && one.name && Number.isFinite(one.time))) {
        throw new TypeError(`no detection: ${JSON.stringify(one)}`);
      }
    }
  }
  const { realtime, signatureTime } = (value ?? {}) as Partial<ProductStatus>;
  if (realtime === true && !proof?.test(text)) throw new TypeError('called on, and nothing in the text says so');
  if (signatureTime !== undefined && !Number.isFinite(signatureTime)) throw new TypeError('a date that is none');
}

export function readerOf({ file, good, parse, proof }: Parser, index: number): Reader {
  const [first, ...rest] = good;
  return {
    name: `${file.replace('.ts', '').replace('/', '-')}-${index}`,
    // With nothing among them: of nothing, too, something else is made than a reading.
    seeds: [Buffer.from(first), ...rest.map((text) => Buffer.from(text)), Buffer.from('\n')],
    mutate,
    read(bytes): Outcome {
      const text = bytes.toString('utf8');
      let value: unknown;
      try {
        value = parse(text);
      } catch (error) {
        if (error instanceof Error && error.constructor === Error) return 'refused';
        throw error;
      }
      check(value, { text, proof });
      return isNothing(value) ? 'refused' : 'taken';
    },
  };
}

export const protectionReaders: readonly Reader[] = protectionParsers.map(readerOf);
