/**
 * What ESET found. Source: its list of detections by `ermm.exe`, where remote monitoring is allowed in its settings. The
 * program is started each five minutes, and as soon as the file of the list changes.
 * https://help.eset.com/ees/12/en-US/idh_config_rmm.html
 */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { timeOf } from '../windows/known-time.ts';
import { countOf, type Fields, listOf, objectOf, textOf } from '../windows/script-answer.ts';
import { keepFor, type WindowsMachine } from '../windows/windows-machine.ts';
import { categoryOf } from './detection-category.ts';
import { ermmOf, ermmResult } from './eset-windows.ts';
import type { DetectionSource, MalwareDetection } from './product-status.ts';

const everySeconds = 300;
const firstAgeMs = 86_400_000;
/** The list can only be asked from a second on: those of that second that are known already. */
const maxKnown = 500;

const Cursor = z.object({ time: z.int(), known: z.array(z.string()).check(z.maxLength(maxKnown)) });

export function esetDetections(machine: WindowsMachine): DetectionSource {
  const list = `${machine.systemRoot.slice(0, 2)}\\ProgramData\\ESET\\ESET Security\\Logs\\virlog.dat`;
  return {
    name: 'eset-virlog',
    everySeconds,
    mark: () => machine.fileMark(list),
    async read(before, { time }, signal) {
      const none = { detections: [], cursor: before };
      if ((await machine.services(signal)).get('ekrn')?.running !== true) return none;
      const ermm = await ermmOf(machine, { signal });
      if (ermm === undefined) return none;
      // The reader of its state asks the same: where that is not allowed, the list is not either.
      const asked = await machine.product(ermm, ['get', 'protection-status'], { signal, seconds: keepFor.programs });
      if (ermmResult(asked.stdout) === undefined) return none;
      const parsed = Cursor.safeParse(before);
      const last = parsed.success && parsed.data.time <= time ? parsed.data : { time: time - firstAgeMs, known: [] };
      const args = ['get', 'logs', '--name', 'virlog', '--start-date', localTime(last.time)];
      const { stdout } = await machine.runProduct(ermm, args, signal);
      const detections = parseVirlog(stdout).filter((one) => one.time >= last.time && !last.known.includes(one.id));
      if (detections.length === 0) return none;
      const newest = Math.max(...detections.map((one) => one.time));
      const known = detections.flatMap((one) => (one.time === newest ? [one.id] : []));
      const kept = newest === last.time ? [...last.known, ...known] : known;
      return { detections, cursor: { time: newest, known: kept.slice(-maxKnown) } };
    },
  };
}

/** As ermm takes and gives it, in the machine's zone. */
function localTime(time: number): string {
  const date = new Date(time);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join('-')}`;
}

/** Its error 3 is that of an empty list. Throws for what is no answer of ermm. */
const emptyList = 3;

/** Texts are in the language of the product: of what was done, only whether it helped is told in a number. */
export function parseVirlog(text: string): MalwareDetection[] {
  const answer = parseJson(text);
  if (countOf(objectOf(answer?.error)?.id) === emptyList) return [];
  const result = objectOf(answer?.result);
  if (result === undefined) throw new Error('ermm.exe gives no list of detections');
  return listOf(objectOf(result.virlog)?.logs).flatMap((entry) => detectionOf(entry) ?? []);
}

function parseJson(text: string): Fields | undefined {
  try {
    return objectOf(JSON.parse(text.replace(/^\ufeff/, '')));
  } catch {
    return undefined;
  }
}

const actions = [
  [/^cleaned by deleting|^deleted/i, 'removed'],
  [/^cleaned/i, 'cleaned'],
  [/quarantin/i, 'quarantined'],
  [/blocked|connection terminated/i, 'blocked'],
  [/^(?:retained|none|no action)/i, 'none'],
] as const;

function detectionOf(entry: Fields): MalwareDetection | undefined {
  const name = textOf(entry['Threat Name']);
  const stamp = textOf(entry.Time);
  const time = timeOf(stamp, { format: 'yyyy-MM-dd HH-mm-ss', zone: 'local' });
  if (name === undefined || time === undefined) return undefined;
  const address = textOf(entry['Object URI']);
  const handled = textOf(entry['Threat Handled']);
  const done = textOf(entry['Action Taken']) ?? '';
  const digest = createHash('sha256')
    .update(JSON.stringify([stamp, name, address]))
    .digest('hex');
  const { object, objectKind } = resourceOf(address);
  const sha256 = /^[0-9a-f]{64}$/i.exec(textOf(entry['Hash SHA256']) ?? '')?.[0];
  return {
    id: `eset-${digest.slice(0, 32)}`,
    time,
    product: 'eset',
    name,
    severity: 'unknown',
    category: categoryOf(`${name} ${textOf(entry['Threat Type']) ?? ''}`),
    object,
    objectKind,
    action: actions.find(([pattern]) => pattern.test(done))?.[1] ?? (handled === '0' ? 'failed' : 'detected'),
    resolved: handled === '1' ? true : handled === '0' ? false : undefined,
    sha256: sha256?.toLowerCase(),
    origin: 'unknown',
  };
}

/** `file:///C:/Users/a/T%E1%BA%A3i/a.exe` */
function resourceOf(address: string | undefined): Pick<MalwareDetection, 'object' | 'objectKind'> {
  const [, encoded] = /^file:\/\/\/(.+)$/.exec(address ?? '') ?? [];
  if (encoded === undefined) return { object: address, objectKind: address === undefined ? undefined : 'web' };
  return { object: decoded(encoded).replaceAll('/', '\\'), objectKind: 'file' };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
