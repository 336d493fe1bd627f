/**
 * What is made of every sample of a protection product and of a machine's settings, against a reviewed file: a sample
 * that no parser reads fails the test. `UPDATE_GOLDEN=1` writes the file anew; review the difference.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseFind } from '../../agent/src/probes/antivirus/clamav-log.ts';
import { parseVersion } from '../../agent/src/probes/antivirus/clamav-socket.ts';
import { defenderStatus } from '../../agent/src/probes/antivirus/defender-windows.ts';
import { parseEset, parseLicence } from '../../agent/src/probes/antivirus/eset-linux.ts';
import { ermmResult, esetLicence, esetProtection, esetUpdate } from '../../agent/src/probes/antivirus/eset-windows.ts';
import { parseKescliState } from '../../agent/src/probes/antivirus/kaspersky-windows.ts';
import { productCalled } from '../../agent/src/probes/antivirus/products-windows.ts';
import { parseAptSimulation, parseZypper } from '../../agent/src/probes/posture/package-updates.ts';
import { settingsFields } from '../../agent/src/probes/posture/settings-windows.ts';
import { parseAnswer } from '../../agent/src/probes/windows/script-answer.ts';
import { parseServiceList } from '../../agent/src/system/service-list-windows.ts';
import { protectionParsers } from '../fuzz/protection-readers.ts';

// Some products write the time of the machine's zone; the reviewed file is of this one.
process.env.TZ = 'UTC';

const fixtures = join(import.meta.dirname, '../fixtures');
const goldenFile = join(import.meta.dirname, 'antivirus-samples.golden.json');
const read = (name: string) => readFileSync(join(fixtures, name), 'utf8');

const names = ['antivirus/linux', 'antivirus/windows', 'posture'].flatMap((folder) =>
  readdirSync(join(fixtures, folder))
    .filter((name) => name !== 'README.md')
    .map((name) => `${folder}/${name}`),
);

/** By the parser of this file; `which`: of several for it. */
function by(file: string, which = 0): (text: string) => unknown {
  const found = protectionParsers.filter((parser) => parser.file === `${file}.ts`)[which];
  if (!found) throw new Error(`no parser for ${file}`);
  return found.parse;
}

const finds = (text: string) => text.split('\n').flatMap((line) => parseFind(line) ?? []);

/** Output of programs that the agent does not start: nobody must take it for the state of a product. */
const foreign = (text: string) =>
  protectionParsers.flatMap(({ file, parse, proof }) => {
    if (!proof) return [];
    try {
      return (parse(text) as { realtime?: boolean } | undefined)?.realtime === true ? [file] : [];
    } catch {
      return [];
    }
  });

const rules: readonly (readonly [RegExp, (text: string) => unknown])[] = [
  [/\/bduitool/, by('antivirus/bitdefender-linux')],
  [/\/clamd-.*\.bin$|\/clamd-versioncommands|\/clamscan-version/, (text) => parseVersion(text) ?? 'no version'],
  [/\/clamd\.log$|\/clamonacc\.log$|\/clam(?:d|scan|dscan)-.*\.txt$/, finds],
  [/\/cvd-header|\/sigtool-info/, (text) => by('antivirus/clamav-database')(text) ?? 'no header'],
  [/\/dsa-query/, by('antivirus/trend-linux')],
  [/\/eset-upd-version/, (text) => parseEset(text, '')],
  [/\/eset-upd-list-modules/, (text) => parseEset('', text)],
  [/\/eset-lic-status/, parseLicence],
  [/\/falconctl/, by('antivirus/crowdstrike-linux')],
  [/\/fdinfo-fanotify/, by('antivirus/processes-linux')],
  [/\/freshclam\.log/, by('antivirus/freshclam-log')],
  [/\/kesl-app-info/, by('antivirus/kesl')],
  [/\/kesl-events/, by('antivirus/kesl-detections')],
  [/\/mdatp-/, by('antivirus/mdatp')],
  [/\/savdstatus/, by('antivirus/sophos-linux')],
  [/\/sentinelctl/, by('antivirus/sentinelone-linux')],
  [/\/(?:firewalld-not-running|needrestart-b|rkhunter-log-tail|ufw|unprivileged-access)/, foreign],
  [/\/bitdefender-product-console/, by('antivirus/bitdefender-windows')],
  [/\/eset-ermm-license/, (text) => esetLicence(ermmResult(text) ?? {})],
  [/\/eset-ermm-protection/, (text) => esetProtection(ermmResult(text) ?? {})],
  [/\/eset-ermm-update/, (text) => esetUpdate(ermmResult(text) ?? {})],
  [/\/eset-ermm-logs/, by('antivirus/eset-detections-windows')],
  [/\/kaspersky-avstate/, by('antivirus/kaspersky-windows')],
  [
    /\/kescli-opswat/,
    (text) =>
      text.split(/^> .*$/m).flatMap((answer) => (answer.trim() === '' ? [] : [parseKescliState(answer) ?? null])),
  ],
  // Not asked for: the same stands in the event channel, where it comes without PowerShell.
  [/\/mpthreatdetection/, foreign],
  [/\/mpcomputerstatus/, by('antivirus/defender-windows')],
  [/\/reg-query-defender/, by('antivirus/defender-windows', 1)],
  [/\/reg-query-securitycenter/, by('antivirus/security-center-windows')],
  [/\/reg-query-uninstall/, by('antivirus/installed-windows')],
  [
    /\/sc-query/,
    (text) => [...parseServiceList(text)].filter(([name]) => productCalled(name) || /defend|avp|klnagent/.test(name)),
  ],
  [
    /\/script-answer-protection/,
    (text) => {
      const fields = parseAnswer(text);
      return {
        defender: defenderStatus(parseAnswer(JSON.stringify(fields.mp))),
        ...settingsFields({ fields, error: undefined }),
      };
    },
  ],
  [/\/script-answer-updates/, by('posture/updates-windows')],
  [/\/wevtutil-events/, by('antivirus/defender-detections')],
  [/\/wevtutil-kaspersky/, by('antivirus/kaspersky-events-windows')],
  [/\/wevtutil-symantec/, by('antivirus/symantec-events-windows')],
  [/\/nft-/, by('posture/nft-ruleset')],
  [/\/apt-get-dist-upgrade/, (text) => parseAptSimulation(text)],
  [
    /\/apt-get-s-dist-upgrade-inst/,
    (text) => {
      const { total, security } = parseAptSimulation(`${text}\n40 upgraded, 0 newly installed, 0 to remove`);
      return { total, security: security.length };
    },
  ],
  [/\/zypper-/, (text) => parseZypper(text, text)],
];

/** What comes of it, or why it is refused; times as people read them. */
function resultOf(name: string): unknown {
  const parse = rules.find(([pattern]) => pattern.test(name))?.[1];
  if (!parse) throw new Error(`no parser reads the sample ${name}`);
  let result: unknown;
  try {
    result = parse(read(name));
  } catch (error) {
    result = { refused: (error as Error).message };
  }
  return JSON.parse(JSON.stringify(result, withTimes)) as unknown;
}

const timeNames = /^(?:time|attempt|built|signatureTime|updateAttempt|quickScan|fullScan|licenceExpires)$/;

function withTimes(key: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value as Map<string, unknown>);
  return typeof value === 'number' && timeNames.test(key) ? new Date(value).toISOString() : value;
}

test('every sample says what the reviewed file says', () => {
  const results = Object.fromEntries(names.sort().map((name) => [name, resultOf(name)]));
  if (process.env.UPDATE_GOLDEN) writeFileSync(goldenFile, `${JSON.stringify(results, undefined, 2)}\n`);
  const golden = JSON.parse(readFileSync(goldenFile, 'utf8')) as Record<string, unknown>;
  expect(Object.keys(results)).toEqual(Object.keys(golden));
  for (const [name, result] of Object.entries(results)) expect(result, name).toEqual(golden[name]);
});
