/** Row 28 of the attacks: no check of a text takes long, whatever the text. */
import {
  EnrolmentRequest,
  isAddress,
  isServiceName,
  parseAgentMessage,
  parseCollectorMessage,
  parseEnrolmentCode,
} from '@vonggac/shared';
import { expect, test } from 'vitest';
import { parseProductStatus } from '../agent/src/probes/antivirus/bitdefender-linux.ts';
import { parseConfig } from '../agent/src/probes/antivirus/clamav-config.ts';
import { parseHeader } from '../agent/src/probes/antivirus/clamav-database.ts';
import { parseFind } from '../agent/src/probes/antivirus/clamav-log.ts';
import { parseVersion } from '../agent/src/probes/antivirus/clamav-socket.ts';
import { parseFalcon } from '../agent/src/probes/antivirus/crowdstrike-linux.ts';
import { categoryOf } from '../agent/src/probes/antivirus/detection-category.ts';
import { parseStatus } from '../agent/src/probes/antivirus/dpkg-status.ts';
import { parseVirlog } from '../agent/src/probes/antivirus/eset-detections-windows.ts';
import { parseEset } from '../agent/src/probes/antivirus/eset-linux.ts';
import { ermmResult } from '../agent/src/probes/antivirus/eset-windows.ts';
import { parseFreshclamLog } from '../agent/src/probes/antivirus/freshclam-log.ts';
import { kasperskyDetection } from '../agent/src/probes/antivirus/kaspersky-events-windows.ts';
import { parseAppInfo } from '../agent/src/probes/antivirus/kesl.ts';
import { parseKeslEvents } from '../agent/src/probes/antivirus/kesl-detections.ts';
import { maskOf } from '../agent/src/probes/antivirus/processes-linux.ts';
import { reducePersonal } from '../agent/src/probes/antivirus/reduce-personal.ts';
import { parseSentinel } from '../agent/src/probes/antivirus/sentinelone-linux.ts';
import { symantecDetection } from '../agent/src/probes/antivirus/symantec-events-windows.ts';
import { cleanText } from '../agent/src/probes/clean-text.ts';
import { parseUpsList, parseVariables } from '../agent/src/probes/machine/nut.ts';
import { parseOsRelease } from '../agent/src/probes/posture/os-release.ts';
import {
  parseAptSimulation,
  parseDnfSecurity,
  parseDnfUpdates,
  parseZypper,
} from '../agent/src/probes/posture/package-updates.ts';
import { parseSambaMinimum } from '../agent/src/probes/posture/samba-config.ts';
import { parseRootPassword } from '../agent/src/probes/posture/sshd-config.ts';
import { parseAnswer } from '../agent/src/probes/windows/script-answer.ts';
import { parseCadence } from '../agent/src/scheduler/cadence.ts';
import { parseWindowsEvents } from '../agent/src/system/event-xml.ts';
import { parseRegistryQuery } from '../agent/src/system/registry-query.ts';
import { parseServiceList } from '../agent/src/system/service-list-windows.ts';
import { safeText } from '../collector/console/src/text/safe-text.ts';
import { parseDuration as parseFlagDuration, plain } from '../collector/src/cli/command.ts';
import { addressKey } from '../collector/src/gateway/address-key.ts';
import { printable } from '../collector/src/gateway/printable.ts';
import { parseDuration, parseInstant } from '../collector/src/http/instants.ts';
import { cleanText as cleanAuditText } from '../collector/src/registry/audit-entry.ts';
import { isPersonName } from '../collector/src/registry/people.ts';
import { readUnitField } from '../collector/src/registry/unit-text.ts';
import { UnitCode, unitFields } from '../collector/src/registry/unit-values.ts';
import { isTagValue } from '../collector/src/stores/check-point.ts';
import { decodeTag, encodeTag } from '../collector/src/stores/influx/line-protocol.ts';

const length = 65_536;
const runs = 20;

/** Repeats of what a pattern may begin to match, with an end at which it cannot. */
const parts = ['a', 'A', '0', ' ', '-', '.', ':', ',', '*', '\\', '"', "'", '=', '\u0301\u0316', '\u202e', '\ud800'];
const pairs = ['a.', 'a-', '0:', '0,', '* ', '\\ ', '=1', '-1 ', 'a@', '::', '[]', '\n ', '0-9/', '\u00a0 ', 'é|'];
const hostile = [...parts, ...pairs].flatMap((part) => {
  const text = part.repeat(Math.ceil(length / part.length)).slice(0, length);
  return [`${text}!`, `\u0007${text}`];
});

const event = { id: 1, record: 1, time: 1, data: new Map<string, string>() };
const times = { time: 1, started: 1, booted: 1 };
const hello = { agent: 'a', epoch: 'e', version: '1', hostname: 'h', platform: 'l', signature: 'AA' };
const enrolment = { lookup: 'A', proof: 'A', publicKey: 'A', hostname: 'h', platform: 'l', version: '1' };
const config = { type: 'config', revision: 1, schedules: {} };

interface Check {
  readonly name: string;
  /** What is read is this long at most, however long it is as JSON. */
  readonly prepare: (text: string) => string;
  readonly read: (prepared: string) => unknown;
}

/** A message with the text in one place. */
function message(name: string, read: (json: string) => unknown, make: (text: string) => object): Check {
  return {
    name,
    read,
    prepare(text) {
      const json = JSON.stringify(make(text));
      return json.length <= length + 1_000 ? json : JSON.stringify(make(text.slice(0, length / 6)));
    },
  };
}

function reading(name: string, read: (text: string) => unknown): Check {
  return { name, read, prepare: (text) => text };
}

/** From agents and from whoever finds the port. */
const messages = [
  ...Object.keys(hello).map((key) =>
    message(`hello.${key}`, parseAgentMessage, (text) => ({ type: 'hello', ...hello, ...times, [key]: text })),
  ),
  message('goodbye.reason', parseAgentMessage, (text) => ({ type: 'goodbye', reason: text })),
  message('type', parseAgentMessage, (text) => ({ type: text })),
  message('tag', parseAgentMessage, (text) => ({ type: 'batch', seq: 1, sent: 1, data: [[1, 1, [text], [0], [0]]] })),
  message('challenge.nonce', parseCollectorMessage, (text) => ({ type: 'challenge', nonce: text, time: 1 })),
  message('config.schedules', parseCollectorMessage, (text) => ({ ...config, schedules: { cpu: text } })),
  message('config.schedules.*', parseCollectorMessage, (text) => ({ ...config, schedules: { [text]: '' } })),
  message('config.pins', parseCollectorMessage, (text) => ({ ...config, pins: [text] })),
  ...Object.keys(enrolment).map((key) =>
    message(
      `enrolment.${key}`,
      (json) => EnrolmentRequest.safeParse(JSON.parse(json)),
      (text) => ({ ...enrolment, [key]: text }),
    ),
  ),
  // As the programs read it: a code is a thousand characters at most.
  reading('enrolment code', (text) => parseEnrolmentCode(text.slice(0, 1_000))),
  reading('address', isAddress),
  reading('address of a peer', addressKey),
  reading('name of a machine', printable),
  reading('tag in a store', isTagValue),
  reading('instant', (text) => parseInstant(text, 0)),
  reading('duration', parseDuration),
  reading('name of a person', isPersonName),
  reading('code of a unit', (text) => UnitCode.safeParse(text)),
];

/** From protection products, and whoever can write into their logs by the name of a file. */
const protection = [
  reading('find of ClamAV', (text) => [parseFind(`${text} FOUND`), parseFind(`/a: ${text} FOUND`)]),
  reading('configuration of ClamAV', (text) => parseConfig(`LocalSocket ${text}`)),
  reading('version of clamd', (text) => parseVersion(`ClamAV ${text}`)),
  reading('header of a database', (text) => parseHeader(`ClamAV-VDB:${text}`)),
  reading('log of freshclam', (text) => parseFreshclamLog(`ClamAV update process started at ${text}`)),
  reading('fdinfo', (text) => maskOf(`fanotify ${text}`)),
  reading('packages', (text) => parseStatus(`Package: ${text}\nVersion: ${text}\n`)),
  reading('events of KESL', (text) =>
    parseKeslEvents(`EventType=ThreatDetected\nEventId=1\nDetectName=${text}\n\n${text}`, 0),
  ),
  reading('name of a threat', categoryOf),
  reading('path of a detection', (text) => reducePersonal(text, 'reduced')),
  ...Object.entries({ parseAppInfo, parseProductStatus, parseSentinel, parseFalcon }).map(([name, parse]) =>
    reading(name, (text) => parse(`Version: 1\nProduct version: ${text}\nAgent version: 1\nversion = 1.1\n${text}`)),
  ),
  reading('event of Kaspersky', (text) =>
    kasperskyDetection({
      ...event,
      texts: [`Name: ${text}\nType: ${text}`, `Result description: ${text}\n${text}: x`],
    }),
  ),
  reading('event of Symantec', (text) =>
    symantecDetection({ ...event, texts: [`Risk Found!${text} in File: ${text} by: x scan. Action: ${text}`, text] }),
  ),
  ...['Threat Name', 'Object URI', 'Action Taken'].map((key) =>
    message(`detections of ESET: ${key}`, parseVirlog, (text) => ({
      result: { virlog: { logs: [{ Time: '2026-01-01 00-00-00', 'Threat Name': 'x', [key]: `file:///${text}` }] } },
    })),
  ),
  reading('updates of SUSE', (text) => parseZypper(`<update-list><update ${text}>`, `<update-list/><update ${text}`)),
  reading('modules of ESET', (text) => parseEset(`upd (eea) 1.2 ${text}) 12.0`, `EM002 1 (20260101)${text}`)),
];

/** From files and flags of people, and what rewrites the whole of a text: once over it, and no more. */
const others = [
  ...unitFields.map((field) => reading(`unit.${field}`, (text) => readUnitField(field, text))),
  reading('cadence', parseCadence),
  reading('name of a service', isServiceName),
  reading('list of upsd', (text) => parseUpsList(`BEGIN LIST UPS\nUPS ${text}`)),
  reading('variables of upsd', (text) =>
    parseVariables(`BEGIN LIST VAR x\nVAR x ups.status "${text}"\nERR ${text}`, ['x']),
  ),
  reading('duration of a flag', parseFlagDuration),
  reading('text of a machine, in the agent', cleanText),
  reading('registry', (text) => parseRegistryQuery(`HKEY_X\n    ${text}`)),
  reading('services', (text) => parseServiceList(`SERVICE_NAME: ${text}`)),
  reading('events', (text) => parseWindowsEvents(`<Event ${text}</Event>`)),
  reading('texts in events', (text) => parseWindowsEvents(`<Event><a>${text}</a></Event>`)),
  reading('answer of PowerShell', (text) => parseAnswer(`{${text}`)),
  reading('answer of ESET', (text) => ermmResult(text)),
  reading('updates of apt', (text) => parseAptSimulation(`0 upgraded, 0 newly installed\nInst ${text}`)),
  reading('updates of dnf', (text) => [parseDnfSecurity(text), parseDnfUpdates(text)]),
  reading('configuration of sshd', (text) => parseRootPassword(text, () => [])),
  reading('configuration of Samba', parseSambaMinimum),
  reading('os-release', parseOsRelease),
  reading('text for a terminal', plain),
  reading('text in the console', safeText),
  reading('text in the audit log', cleanAuditText),
  reading('tag in line protocol', (text) => decodeTag(encodeTag(text))),
];

/** The fastest of some readings, the first that is within the bound: a bad pattern is slow each time, chance is not. */
function tookMs({ prepare, read }: Check, { text, bound }: { text: string; bound: number }): number {
  const prepared = prepare(text);
  let fastest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs && fastest >= bound; run += 1) {
    const startedAt = performance.now();
    try {
      read(prepared);
    } catch {
      // Refused, as it should be.
    }
    fastest = Math.min(fastest, performance.now() - startedAt);
  }
  return fastest;
}

test.each([
  ...messages.map((check) => ({ ...check, check, bound: 1 })),
  ...[...protection, ...others].map((check) => ({ ...check, check, bound: 10 })),
  // A busy machine may be slow three times in a row.
])('$name takes less than $bound ms', { retry: 2 }, ({ check, bound }) => {
  for (const text of hostile) {
    expect(tookMs(check, { text, bound }), JSON.stringify(text.slice(0, 6))).toBeLessThan(bound);
  }
});
