/**
 * Detections of Kaspersky Endpoint Security for Windows from its event channel, "Kaspersky Event Log".
 *
 * An event is one text in the language of the product, a label and a value on each line. English labels were seen in other
 * people's parsers, Russian and Vietnamese ones are translations; so the values are known by their shape, too: names of
 * malware, paths, hashes. Events without the name of a threat are about something else. `kescli --opswat GetThreats`
 * would tell the same in numbers, but no page shows the form of its dates, and it starts the product's program each time.
 * https://support.kaspersky.com/KESWin/12.6/en-US/214871.htm
 */
import type { WindowsEvent } from '../../system/event-xml.ts';
import type { WindowsMachine } from '../windows/windows-machine.ts';
import { categoryOf } from './detection-category.ts';
import { eventSource } from './event-channel-windows.ts';
import type { DetectionSource, MalwareDetection } from './product-status.ts';
import { RecentEvents } from './recent-events.ts';

export function kasperskyEvents(machine: WindowsMachine): DetectionSource {
  const recent = new RecentEvents();
  return eventSource(machine, {
    name: 'kaspersky-events',
    channel: 'Kaspersky Event Log',
    condition: 'EventID>=0',
    service: /^avp(?:\d|\.|$)/,
    detectionsOf: (events) =>
      events.flatMap((event) => {
        const detection = kasperskyDetection(event);
        return detection ? [{ ...detection, id: recent.idOf(detection, detection.id) }] : [];
      }),
  });
}

/** In lower case: of versions until 11, with what the value is of before it, and of later ones. */
const labels = {
  name: ['result\\name', 'name', 'название', 'имя', 'tên'],
  object: ['object', 'объект', 'đối tượng'],
  type: ['result\\type', 'type', 'тип', 'loại'],
  outcome: ['result\\description', 'result description', 'описание результата', 'mô tả kết quả'],
  level: ['result\\threat level', 'threat level', 'уровень угрозы', 'mức độ đe dọa'],
} as const;

/** `HEUR:Trojan-Ransom.Win32.Agent.gen`, `not-a-virus:AdWare.Win32.X.y`, `EICAR-Test-File`; no name of a file. */
const threatName =
  /^(?:EICAR-Test-File|(?:[A-Za-z-]{2,20}:){0,3}(?:[A-Z][A-Za-z]{1,20}-)?(?:Trojan|Virus|Worm|Backdoor|Exploit|Rootkit|Ransom|HackTool|RiskTool|NetTool|PSWTool|VirTool|Downloader|Dropper|AdWare|WebToolbar|RemoteAdmin|Hoax|Packed|Phishing|DangerousObject)[A-Za-z-]{0,20}\.[A-Za-z0-9_.-]{1,160})$/;
const path = /^(?:[A-Za-z]:\\|\\\\)/;
const severities = { low: 'low', medium: 'medium', high: 'high' } as const;

/** What could not be done, before what was: the words of the second are in the first. */
const outcomes = [
  [/\bnot\b|cannot|can't|unable|fail|невозможно|не удал|ошибк|\bне\s|không|chưa/i, 'failed'],
  [/quarantin|backup|карантин|резервн|cách ly|sao lưu/i, 'quarantined'],
  [/disinfect|cured|вылеч|khử/i, 'cleaned'],
  [/delet|remov|удал|xóa|xoá/i, 'removed'],
  [/block|terminat|заблокир|запрещ|завершен|chặn/i, 'blocked'],
] as const;

export function kasperskyDetection({ texts, record, time }: WindowsEvent): MalwareDetection | undefined {
  const lines = linesOf(texts.join('\n'));
  const valueFor = (key: keyof typeof labels) =>
    labels[key].flatMap((one) => lines.find(([label, value]) => label === one && value !== '')?.[1] ?? [])[0];
  const type = valueFor('type');
  const outcome = valueFor('outcome');
  const labelled = type === undefined || outcome === undefined ? undefined : valueFor('name');
  const name = labelled ?? lines.find(([, value]) => threatName.test(value))?.[1];
  if (name === undefined) return undefined;
  const object = valueFor('object') ?? lines.findLast(([, value]) => isPathOfObject(value))?.[1];
  const level = valueFor('level')?.toLowerCase() ?? '';
  return {
    id: `kaspersky-${record}-${time}`,
    time,
    product: 'kaspersky',
    name,
    severity: isSeverity(level) ? severities[level] : 'unknown',
    category: categoryOf(`${name} ${type ?? ''}`),
    object,
    objectKind: object === undefined ? undefined : kindOf(object),
    // Without the label: an event begins with what happened.
    ...outcomeOf(outcome ?? lines[0]?.[1] ?? ''),
    sha256: lines.find(([, value]) => /^[0-9a-f]{64}$/i.test(value))?.[1].toLowerCase(),
    origin: 'unknown',
  };
}

type Line = readonly [label: string, value: string];

/** `Result\Name:   Trojan.X`; a line without a label is all value. */
function linesOf(text: string): Line[] {
  return text
    .slice(0, 20_000)
    .split(/\r?\n/)
    .flatMap((line): Line[] => {
      const end = line.indexOf(': ');
      if (end === -1) return line.trim() === '' || line.endsWith(':') ? [] : [['', line.trim()]];
      return [[line.slice(0, end).trim().toLowerCase(), line.slice(end + 1).trim()]];
    });
}

function isPathOfObject(value: string): boolean {
  return path.test(value) && !/\\Kaspersky Lab\\/i.test(value);
}

function kindOf(object: string): MalwareDetection['objectKind'] {
  if (path.test(object)) return 'file';
  return /^[a-z]{3,10}:\/\//i.test(object) ? 'web' : undefined;
}

function outcomeOf(text: string): Pick<MalwareDetection, 'action' | 'resolved'> {
  const action = outcomes.find(([pattern]) => pattern.test(text))?.[1] ?? 'detected';
  return { action, resolved: action !== 'failed' && action !== 'detected' };
}

function isSeverity(text: string): text is keyof typeof severities {
  return Object.hasOwn(severities, text);
}
