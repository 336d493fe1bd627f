/**
 * Detections in an event channel of Windows, read on from the last record.
 *
 * The cursor is the number of the last record and the latest time seen. A channel that was cleared or made anew counts
 * from 1 again: a record with a lower number and a later time is therefore new too. At the very first time, one day back.
 * https://learn.microsoft.com/windows-server/administration/windows-commands/wevtutil
 */
import { win32 } from 'node:path';
import { parseWindowsEvents, type WindowsEvent } from '../../system/event-xml.ts';
import { countOf, objectOf } from '../windows/script-answer.ts';
import type { WindowsMachine } from '../windows/windows-machine.ts';
import type { DetectionSource, MalwareDetection } from './product-status.ts';

const eventsAtOnce = 200;
/** Windows writes the file of a channel when it sees fit: its change is a reason to look, its silence none not to. */
const everySeconds = 60;

export interface EventChannel {
  /** Of the cursor file; see `DetectionSource`. */
  readonly name: string;
  readonly channel: string;
  /** Which of its events, in XPath. Never with anything from outside: a query may not be long, and is no place for data. */
  readonly condition: string;
  /** The service, in lower case, without which there is nothing to read. */
  readonly service: RegExp;
  readonly detectionsOf: (events: readonly WindowsEvent[]) => readonly MalwareDetection[];
  /** The channel has been cleared, or made anew. */
  readonly onCleared?: (time: number) => void;
}

interface Cursor {
  readonly record: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

export function eventSource(machine: WindowsMachine, source: EventChannel): DetectionSource {
  const { name, channel, condition, detectionsOf } = source;
  return {
    name,
    everySeconds,
    mark: () => machine.fileMark(channelFile(machine, channel)),
    async read(before, { time }, signal) {
      const services = await machine.services(signal);
      if (![...services.keys()].some((service) => source.service.test(service))) {
        return { detections: [], cursor: before };
      }
      const last = cursorOf(before);
      const asked = `/q:${query({ condition, last, now: time })}`;
      const args = ['qe', channel, '/f:xml', '/e:Events', `/c:${eventsAtOnce}`, '/uni:true', asked];
      const { stdout } = await machine.system('wevtutil.exe', args, signal);
      const { events } = parseWindowsEvents(stdout);
      const fresh = events.filter((event) => isNew(event, last));
      const restarted = last && fresh.find(({ record }) => record <= last.record);
      if (restarted) source.onCleared?.(restarted.time);
      return { detections: detectionsOf(fresh), cursor: cursorAfter(fresh, last) ?? before };
    },
  };
}

export function channelFile(machine: WindowsMachine, channel: string): string {
  return win32.join(machine.systemRoot, 'System32', 'winevt', 'Logs', `${channel.replaceAll('/', '%4')}.evtx`);
}

function cursorOf(value: unknown): Cursor | undefined {
  const fields = objectOf(value);
  const record = countOf(fields?.record);
  const time = countOf(fields?.time);
  return record === undefined || time === undefined ? undefined : { record, time };
}

/** XPath as event queries know it. Numbers and a date only are added to the condition. */
export function query(asked: {
  readonly condition: string;
  readonly last: Cursor | undefined;
  readonly now: number;
}): string {
  const { condition, last, now } = asked;
  if (last === undefined) return `*[System[(${condition}) and TimeCreated[timediff(@SystemTime)<=86400000]]]`;
  // A record from a time when the clock was wrong must not hide a cleared channel.
  const since = new Date(Math.min(last.time, now)).toISOString();
  return `*[System[(${condition}) and (EventRecordID>${last.record} or TimeCreated[@SystemTime>'${since}'])]]`;
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
