/** What a machine says of its disks, power, temperatures and services, in lines to read; what is bad comes first. */
import type { MeasurementName } from '@vonggac/shared';
import type { PointView } from '../../../src/http/schemas.ts';
import type { Texts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';

export interface HardwareRow {
  readonly name: string;
  /** What it is, where its name does not say it. */
  readonly detail: string;
  readonly words: string;
  readonly tone: 'bad' | 'good' | 'unknown' | 'warning';
}

type Words = Pick<Texts, 't' | 'format'>;

/** The sensors nearest to their limits. */
const maxSensors = 3;
const tones: readonly HardwareRow['tone'][] = ['bad', 'warning', 'unknown', 'good'];

export function hardwareRows(points: readonly PointView[], words: Words): HardwareRow[] {
  const of = (name: MeasurementName) => points.filter(({ measurement }) => measurement === name);
  const sensors = of('temperature').toSorted((one, other) => headroomOf(one) - headroomOf(other));
  const rows = [
    ...of('ups').map((point) => upsRow(point, words)),
    ...of('disk_health').map((point) => diskRow(point, words)),
    ...of('os_service').map((point) => serviceRow(point, words)),
    ...sensors.slice(0, maxSensors).map((point) => sensorRow(point, words)),
  ];
  return rows.toSorted((one, other) => tones.indexOf(one.tone) - tones.indexOf(other.tone));
}

function upsRow({ tags, fields }: PointView, { t, format }: Words): HardwareRow {
  const { on_battery, low_battery, charge_percent, runtime_seconds } = fields;
  const state = on_battery === true ? t('onBattery') : on_battery === false ? t('onMains') : t('unknown');
  const parts = [
    state,
    typeof charge_percent === 'number' && format.percent(charge_percent),
    on_battery === true && typeof runtime_seconds === 'number' && format.duration(runtime_seconds * 1_000),
    low_battery === true && t('batteryLow'),
  ];
  // A laptop on its battery is no trouble.
  const isOut = on_battery === true && tags.kind === 'ups';
  const tone = low_battery === true ? 'bad' : isOut ? 'warning' : on_battery === undefined ? 'unknown' : 'good';
  return { name: nameOf(tags.ups), detail: t(tags.kind === 'ups' ? 'ups' : 'battery'), words: joined(parts), tone };
}

function diskRow({ tags, fields }: PointView, { t, format }: Words): HardwareRow {
  const { failing, problem, used_percent, temperature_celsius, model } = fields;
  const state = failing === true ? t('diskFailing') : failing === false ? t('diskWell') : t('unknown');
  const parts = [
    state,
    typeof problem === 'string' && safeText(problem),
    typeof used_percent === 'number' && t('enduranceUsed', { percent: format.percent(used_percent) }),
    typeof temperature_celsius === 'number' && degrees(temperature_celsius, format),
  ];
  const tone = failing === true ? 'bad' : failing === false ? 'good' : 'unknown';
  return {
    name: nameOf(tags.device),
    detail: typeof model === 'string' ? safeText(model) : '',
    words: joined(parts),
    tone,
  };
}

function serviceRow({ tags, fields }: PointView, { t }: Words): HardwareRow {
  const isRunning = fields.running === true;
  const words = t(isRunning ? 'serviceRuns' : 'serviceStopped');
  return { name: nameOf(tags.service), detail: t('osService'), words, tone: isRunning ? 'good' : 'bad' };
}

function sensorRow({ tags, fields }: PointView, { t, format }: Words): HardwareRow {
  const { current_celsius: current, crit_celsius: crit } = fields;
  if (typeof current !== 'number')
    return { name: nameOf(tags.sensor), detail: '', words: t('unknown'), tone: 'unknown' };
  const limit = typeof crit === 'number' && t('temperatureLimit', { limit: degrees(crit, format) });
  const tone = typeof crit === 'number' && current >= crit ? 'bad' : 'good';
  return { name: nameOf(tags.sensor), detail: '', words: joined([degrees(current, format), limit]), tone };
}

/** Those whose limit nobody knows come last. */
function headroomOf({ fields }: PointView): number {
  return typeof fields.headroom_celsius === 'number' ? fields.headroom_celsius : Number.POSITIVE_INFINITY;
}

function degrees(value: number, format: Words['format']): string {
  return `${format.number(value)} °C`;
}

function nameOf(tag: string | undefined): string {
  return safeText(tag ?? '');
}

function joined(parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join(' · ');
}
