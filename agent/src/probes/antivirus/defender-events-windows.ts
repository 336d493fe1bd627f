/**
 * Detections of Microsoft Defender from its event channel, read on from the last record.
 *
 * The cursor is the number of the last record and the latest time seen. A channel that was cleared or made anew counts
 * from 1 again: a record with a lower number and a later time is therefore new too. At the very first time, one day back.
 * https://learn.microsoft.com/defender-endpoint/troubleshoot-microsoft-defender-antivirus
 */
import { parseWindowsEvents, type WindowsEvent } from '../../system/event-xml.ts';
import { countOf, objectOf } from '../windows/script-answer.ts';
import type { WindowsMachine } from '../windows/windows-machine.ts';
import { detectionsOf } from './defender-detections.ts';
import type { DetectionSource } from './product-status.ts';
import { type TamperLog, tamperingOf } from './tamper-windows.ts';

const channel = 'Microsoft-Windows-Windows Defender/Operational';
/** Those of detections and of protection being turned off; ranges, because a query may not be long. */
const ids =
  '(EventID>=1006 and EventID<=1015) or (EventID>=1116 and EventID<=1119) or (EventID>=5001 and EventID<=5013)';
const eventsAtOnce = 200;

interface Cursor {
  readonly record: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

export function defenderEvents(machine: WindowsMachine, tampering: TamperLog): DetectionSource {
  return {
    name: 'defender-events',
    everySeconds: 60,
    async read(before, { time }, signal) {
      const services = await machine.services(signal);
      if (!services.has('windefend')) return { detections: [], cursor: before };
      const last = cursorOf(before);
      const args = ['qe', channel, '/f:xml', '/e:Events', `/c:${eventsAtOnce}`, '/uni:true', `/q:${query(last, time)}`];
      const { stdout } = await machine.system('wevtutil.exe', args, signal);
      const { events } = parseWindowsEvents(stdout);
      const fresh = events.filter((event) => isNew(event, last));
      for (const event of tamperingOf(fresh)) tampering.add(event);
      return { detections: detectionsOf(fresh), cursor: cursorAfter(fresh, last) ?? before };
    },
  };
}

function cursorOf(value: unknown): Cursor | undefined {
  const fields = objectOf(value);
  const record = countOf(fields?.record);
  const time = countOf(fields?.time);
  return record === undefined || time === undefined ? undefined : { record, time };
}

/** XPath as event queries know it. Numbers and a date only go into it. */
export function query(last: Cursor | undefined, now: number): string {
  if (last === undefined) return `*[System[(${ids}) and TimeCreated[timediff(@SystemTime)<=86400000]]]`;
  // A record from a time when the clock was wrong must not hide a cleared channel.
  const since = new Date(Math.min(last.time, now)).toISOString();
  return `*[System[(${ids}) and (EventRecordID>${last.record} or TimeCreated[@SystemTime>'${since}'])]]`;
}

function isNew({ record, time }: WindowsEvent, last: Cursor | undefined): boolean {
  return last === undefined || record > last.record || time > last.time;
}

/** In the order of the channel, the last one. */
function cursorAfter(events: readonly WindowsEvent[], before: Cursor | undefined): Cursor | undefined {
  const last = events.at(-1);
  if (last === undefined) return undefined;
  return { record: last.record, time: Math.max(before?.time ?? 0, ...events.map(({ time }) => time)) };
}
