/**
 * Detections of Symantec Endpoint Protection, event 51: in its own channel, or, of older versions, in that of all programs.
 * One sentence in English, as other people's rules quote it: what, where, by which scan, and what was done about it.
 * https://github.com/wazuh/wazuh-ruleset/pull/718
 */
import type { WindowsEvent } from '../../system/event-xml.ts';
import type { WindowsMachine } from '../windows/windows-machine.ts';
import { categoryOf } from './detection-category.ts';
import { channelFile, eventSource } from './event-channel-windows.ts';
import type { DetectionSource, MalwareDetection } from './product-status.ts';

const own = 'Symantec Endpoint Protection Client';

export function symantecEvents(machine: WindowsMachine): DetectionSource[] {
  const service = /^sepmasterservice$|^symantec antivirus$/;
  const detectionsOf = (events: readonly WindowsEvent[]) => events.flatMap((event) => symantecDetection(event) ?? []);
  const sources = [
    { name: 'symantec-events', channel: own, condition: 'EventID=51' },
    {
      name: 'symantec-application-events',
      channel: 'Application',
      condition: "EventID=51 and Provider[@Name='Symantec AntiVirus']",
    },
  ] as const;
  return sources.map((source) => {
    const events = eventSource(machine, { ...source, service, detectionsOf });
    const isOwn = source.channel === own;
    return {
      ...events,
      // Every program writes to the channel of all: its change says nothing.
      mark: () => (isOwn ? events.mark?.() : undefined),
      async read(before, context, signal) {
        const hasOwn = machine.exists(channelFile(machine, own));
        return hasOwn === isOwn ? events.read(before, context, signal) : { detections: [], cursor: before };
      },
    };
  });
}

/** `Security Risk Found!Trojan.Gen.2 in File: C:\a.exe by: Auto-Protect scan.  Action: Quarantine succeeded …` */
const found =
  /\b(?:Risk|Virus|Threat) Found!\s{0,20}([^\r\n]{1,200}?) in (\w{1,20}): ([^\r\n]{1,4000}?) by: ([^\r\n:]{1,80}?) scan\.(.{0,2000})/s;

const actions = [
  [/^cleaned by deletion|^delet/i, 'removed'],
  [/^quarantin/i, 'quarantined'],
  [/^clean/i, 'cleaned'],
  [/^(?:access denied|blocked|terminate)/i, 'blocked'],
  [/^leave alone/i, 'none'],
] as const;

export function symantecDetection({ texts, record, time }: WindowsEvent): MalwareDetection | undefined {
  const text = texts.join(' ').slice(0, 10_000);
  const [, name, kind = '', object = '', scan = '', rest = ''] = found.exec(text) ?? [];
  if (name === undefined) return undefined;
  const isFile = kind.toLowerCase() === 'file';
  return {
    id: `symantec-${record}-${time}`,
    time,
    product: 'symantec',
    name,
    severity: 'unknown',
    category: categoryOf(name),
    object: object.trim() || undefined,
    objectKind: isFile ? 'file' : undefined,
    ...outcomeOf(/\bAction:\s{0,20}([^.\r\n]{0,300})/.exec(rest)?.[1]?.trim() ?? ''),
    origin: /auto-protect/i.test(scan) ? 'realtime' : /sonar/i.test(scan) ? 'behavior' : 'ondemand',
  };
}

/** `Quarantine succeeded : Access denied`: of several actions the first is the one that was meant to solve it. */
function outcomeOf(text: string): Pick<MalwareDetection, 'action' | 'resolved'> {
  const first = text.split(' : ')[0] ?? '';
  const action = actions.find(([pattern]) => pattern.test(first))?.[1] ?? 'detected';
  if (action === 'detected' || action === 'none') return { action, resolved: false };
  return /fail/i.test(first) ? { action: 'failed', resolved: false } : { action, resolved: true };
}
