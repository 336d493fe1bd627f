/**
 * Detections in events of Microsoft Defender. Numbers are read, never the names beside them, which Windows translates.
 * https://learn.microsoft.com/previous-versions/windows/desktop/defender/msft-mpthreat
 */
import type { WindowsEvent } from '../../system/event-xml.ts';
import { categoryOf } from './detection-category.ts';
import type { MalwareCategory, MalwareDetection } from './product-status.ts';

const found = [1006, 1015, 1116];
const acted = [1007, 1117];
const failedToAct = [1008, 1118, 1119];

/** One for each detection, in its latest state; the events of a detection follow each other. */
export function detectionsOf(events: readonly WindowsEvent[]): MalwareDetection[] {
  const byId = new Map<string, MalwareDetection>();
  for (const event of events) {
    const detection = detectionOf(event);
    // A later event of the same detection knows all that the first one did, and more.
    if (detection !== undefined) byId.set(detection.id, detection);
  }
  return [...byId.values()];
}

function detectionOf(event: WindowsEvent): MalwareDetection | undefined {
  const { id, data } = event;
  if (!found.includes(id) && !acted.includes(id) && !failedToAct.includes(id)) return undefined;
  const name = data.get('Threat Name') || 'unnamed';
  const { object, objectKind } = resourceOf(data.get('Path') ?? '');
  return {
    id: idOf(event),
    time: event.time,
    product: 'defender',
    name,
    severity: severities[data.get('Severity ID') ?? ''] ?? 'unknown',
    category: kindOf(name, data.get('Category ID')),
    object,
    objectKind,
    ...outcomeOf(event),
    process: processOf(data.get('Process Name')),
    origin: id === 1015 ? 'behavior' : (origins[data.get('Source ID') ?? ''] ?? 'unknown'),
  };
}

/** Older events have no id of the detection. */
function idOf({ data, record, time }: WindowsEvent): string {
  const id = data.get('Detection ID')?.replace(/[{}]/g, '').toLowerCase();
  return id ? `defender-${id}` : `defender-${record}-${time}`;
}

/**
 * "Action taken" is what Defender meant to do. Whether it did is in the error code and the state of the threat: real
 * events 1117 carry `0x80508023` and state 103, not removed. https://learn.microsoft.com/previous-versions/windows/desktop/defender/msft-mpthreatdetection
 */
function outcomeOf({ id, data }: WindowsEvent): Pick<MalwareDetection, 'action' | 'resolved' | 'errorCode'> {
  if (found.includes(id)) return { action: 'detected', resolved: false };
  const code = data.get('Error Code') ?? '';
  const isError = !/^0x0{1,8}$|^0$/.test(code);
  const errorCode = isError && code !== '' ? code : undefined;
  const status = Number(data.get('Status Code') ?? 0);
  if (failedToAct.includes(id) || (isError && code !== '') || status >= 100) {
    return { action: 'failed', resolved: false, errorCode };
  }
  const action = actions[data.get('Action ID') ?? ''] ?? 'none';
  if (action === 'none' || action === 'allowed') return { action, resolved: false };
  return { action, resolved: code === '' ? undefined : true };
}

const actions: Readonly<Record<string, MalwareDetection['action']>> = {
  1: 'cleaned',
  2: 'quarantined',
  3: 'removed',
  6: 'allowed',
  9: 'none',
  10: 'blocked',
};

const severities: Readonly<Record<string, MalwareDetection['severity']>> = {
  1: 'low',
  2: 'medium',
  4: 'high',
  5: 'critical',
};

const origins: Readonly<Record<string, MalwareDetection['origin']>> = {
  1: 'ondemand',
  2: 'system',
  3: 'realtime',
  4: 'realtime',
};

const categories: Readonly<Record<string, MalwareCategory>> = {
  1: 'adware',
  2: 'spyware',
  3: 'spyware',
  4: 'trojan',
  5: 'worm',
  6: 'trojan',
  7: 'trojan',
  8: 'trojan',
  10: 'spyware',
  12: 'spyware',
  13: 'pua',
  21: 'pua',
  27: 'pua',
  30: 'exploit',
  32: 'tool',
  34: 'tool',
  36: 'trojan',
  37: 'trojan',
  38: 'trojan',
  39: 'trojan',
  40: 'trojan',
  42: 'virus',
  50: 'ransomware',
};

/** A name that says it is a test or ransomware says more than the number. */
function kindOf(name: string, id: string | undefined): MalwareCategory {
  const byName = categoryOf(name);
  return byName === 'test' || byName === 'ransomware' ? byName : (categories[id ?? ''] ?? byName);
}

const kinds: Readonly<Record<string, NonNullable<MalwareDetection['objectKind']>>> = {
  file: 'file',
  containerfile: 'container',
  webfile: 'web',
  process: 'process',
  regkey: 'registry',
  regkeyvalue: 'registry',
  amsi: 'memory',
};

/** `containerfile:_C:\a.zip; file:_C:\a.zip->b.exe`: the first names the whole. */
function resourceOf(path: string): Pick<MalwareDetection, 'object' | 'objectKind'> {
  const first = path.split('; ')[0] ?? '';
  const [, prefix = '', rest = first] = /^([a-z]{1,20}):_(.*)$/is.exec(first) ?? [];
  const objectKind = kinds[prefix.toLowerCase()];
  return { object: rest || undefined, objectKind };
}

function processOf(name: string | undefined): string | undefined {
  return name === undefined || name === '' || /^unknown$/i.test(name) ? undefined : name;
}
