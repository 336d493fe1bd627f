import { expect, test } from 'vitest';
import type { PointView } from '../../../src/http/schemas.ts';
import { hardwareRows } from './hardware-rows.ts';

/** Says the key and what is put into the text. */
const words = {
  t: (key: string, values: Record<string, string> = {}) => [key, ...Object.values(values)].join(' '),
  format: {
    percent: (value: number) => `${value}%`,
    number: (value: number) => `${Math.round(value)}`,
    duration: (ms: number) => `${ms / 1_000} s`,
  },
} as unknown as Parameters<typeof hardwareRows>[1];

function view(measurement: string, tags: PointView['tags'], fields: PointView['fields']): PointView {
  return { measurement, tags, fields, time: '2026-11-23T00:00:00Z' };
}

function lines(...points: PointView[]): string[] {
  return hardwareRows(points, words).map((row) => `${row.tone}: ${row.name} | ${row.detail} | ${row.words}`);
}

test('what is bad comes first, and what is not known is not well', () => {
  expect(
    lines(
      view('ups', { ups: 'santak', kind: 'ups' }, { on_battery: true, charge_percent: 80, runtime_seconds: 600 }),
      view('ups', { ups: 'BAT0', kind: 'battery' }, { on_battery: true, charge_percent: 60 }),
      view('disk_health', { device: 'sda' }, { failing: false, used_percent: 7, temperature_celsius: 36 }),
      view('disk_health', { device: 'sdb' }, { problem: 'Permission denied' }),
      view('disk_health', { device: 'sdc' }, { failing: true, model: 'ST1000' }),
      view('os_service', { service: 'nginx' }, { running: true }),
      view('os_service', { service: 'mysql' }, { running: false }),
    ),
  ).toEqual([
    'bad: sdc | ST1000 | diskFailing',
    'bad: mysql | osService | serviceStopped',
    'warning: santak | ups | onBattery · 80% · 600 s',
    'unknown: sdb |  | unknown · Permission denied',
    'good: BAT0 | battery | onBattery · 60%',
    'good: sda |  | diskWell · enduranceUsed 7% · 36 °C',
    'good: nginx | osService | serviceRuns',
  ]);
});

test('a battery that is low is bad, whatever it hangs on; no status is unknown', () => {
  expect(
    lines(
      view('ups', { ups: 'a', kind: 'ups' }, { on_battery: false, low_battery: true }),
      view('ups', { ups: 'b', kind: 'ups' }, { charge_percent: 50 }),
    ),
  ).toEqual(['bad: a | ups | onMains · batteryLow', 'unknown: b | ups | unknown · 50%']);
});

test('only the sensors nearest to their limits', () => {
  const sensor = (name: string, current: number, crit?: number) =>
    view(
      'temperature',
      { sensor: name },
      {
        current_celsius: current,
        ...(crit !== undefined && { crit_celsius: crit, headroom_celsius: crit - current }),
      },
    );
  expect(
    lines(sensor('a', 30), sensor('b', 40, 100), sensor('c', 101, 100), sensor('d', 50, 85), sensor('e', 20, 90)),
  ).toEqual([
    'bad: c |  | 101 °C · temperatureLimit 100 °C',
    'good: d |  | 50 °C · temperatureLimit 85 °C',
    'good: b |  | 40 °C · temperatureLimit 100 °C',
  ]);
});

test('nothing is said of a machine that says nothing', () => {
  expect(lines(view('cpu', {}, { usage_percent: 1 }))).toEqual([]);
});
