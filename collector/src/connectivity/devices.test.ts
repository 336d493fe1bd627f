import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Point, point } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sighting } from '../incidents/incident.ts';
import { Incidents } from '../incidents/incidents.ts';
import { guessClass } from './device-class.ts';
import { DeviceVendors } from './device-vendors.ts';
import { DeviceWatch } from './device-watch.ts';
import { Devices } from './devices.ts';

const from = { unit: 'DH', agent: 'a-gw' };
const network = '10.1.2.0/24';
const day = 86_400;
const began = Date.UTC(2026, 10, 20) / 1_000;

let folder: string;
let devices: Devices;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-devices-'));
  devices = new Devices(folder, () => undefined);
});
afterEach(() => {
  devices.stop();
  rmSync(folder, { recursive: true });
});

function told(
  n: number,
  { seen = began, at = seen, ...rest }: { seen?: number; at?: number; address?: string; present?: boolean } = {},
): Point {
  return point('lan_device', {
    time: at * 1_000,
    tags: { mac: `00:16:3e:00:00:${String(n).padStart(2, '0')}` },
    fields: { network, present: true, first_seen_seconds: seen, last_seen_seconds: at, ...rest },
  });
}

test('those of the first look are not new, in whatever order they come; later ones are, once', () => {
  expect(devices.take(from, [told(1), told(2)])).toEqual([]);
  expect(devices.take(from, [told(3)])).toEqual([]);
  expect(devices.take(from, [told(4, { seen: began + day })]).map(({ mac }) => mac)).toEqual(['00:16:3e:00:00:04']);
  expect(devices.take(from, [told(4, { seen: began + day })])).toEqual([]);
  // A gateway that lost what it knew begins anew; the unit's devices are known all the same.
  expect(devices.take({ unit: 'DH', agent: 'a-gw2' }, [told(1, { seen: began + 2 * day })])).toEqual([]);
  expect(devices.of('DH')[0]).toMatchObject({ firstSeen: began * 1_000, gateway: 'a-gw2' });
});

test('what is older changes nothing', () => {
  devices.take(from, [told(1, { at: began + 100, present: false })]);
  devices.take(from, [told(1, { at: began + 50, address: '10.1.2.9' })]);
  expect(devices.of('DH')).toMatchObject([{ present: false, address: undefined }]);
});

test('what makes no sense is not taken', () => {
  const good = told(1);
  const wrong: Point[] = [
    { ...good, tags: { mac: 'ff:ff:ff:ff:ff:ff' } },
    { ...good, tags: { mac: 'x' } },
    { ...good, fields: { network } },
    { ...good, measurement: 'link' },
  ];
  devices.take(from, wrong);
  expect(devices.units()).toEqual([]);
  devices.take(from, [{ ...good, fields: { ...good.fields, address: '=cmd()', network: 'x'.repeat(500) } }]);
  expect(devices.of('DH')).toMatchObject([{ address: undefined, network: 'x'.repeat(64) }]);
});

/** To tell of each would take seconds. */
function copyFirst(times: number): void {
  const database = new DatabaseSync(join(folder, 'devices.db'));
  database
    .prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
       INSERT INTO devices SELECT unit, 'copy ' || n, vendor, gateway, network, address, address6, present, first_seen,
         last_seen, told_at FROM devices, numbers`,
    )
    .run(times);
  database.close();
}

test('a unit has room for so many, and what is not seen for long is forgotten', () => {
  devices.take(from, [told(1)]);
  copyFirst(8_189);
  devices.take(
    from,
    Array.from({ length: 10 }, (_, n) => told(2 + n)),
  );
  expect(devices.of('DH')).toHaveLength(8_192);
  expect(devices.refused).toBe(8);
  devices.forget((began + 1) * 1_000);
  expect(devices.units()).toEqual([]);
});

test('new ones make one incident for each unit and day, which closes by itself', () => {
  const incidents = new Incidents(folder);
  const settings = { incidents: true, close_after_days: 7, forget_after_days: 400 };
  const watch = new DeviceWatch({ settings, devices, incidents });
  watch.take(from, [told(1)]);
  watch.take(from, [told(2, { seen: began + day }), told(3, { seen: began + day + 60 })]);
  watch.take(from, [told(4, { seen: began + 2 * day })]);
  const open = () => incidents.list({ state: 'open', limit: 10 }).map(({ subject, count }) => `${subject} ${count}`);
  expect(open()).toEqual(['DH/2026-11-22 1', 'DH/2026-11-21 2']);
  expect(incidents.openOf('new-device', 'DH/2026-11-22')?.evidence[0]?.facts).toMatchObject({
    network,
    class: 'unknown',
  });
  watch.tidy((began + 8 * day + 3_600) * 1_000);
  expect(open()).toEqual(['DH/2026-11-22 1']);
  incidents.stop();
});

test('of a thousand at once a few are named and all are counted', () => {
  const incidents = new Incidents(folder);
  const settings = { incidents: true, close_after_days: 7, forget_after_days: 400 };
  const watch = new DeviceWatch({ settings, devices, incidents });
  watch.take(from, [told(1)]);
  const many = Array.from({ length: 50 }, (_, n) => told(10 + n, { seen: began + day }));
  watch.take(from, many);
  const incident = incidents.openOf('new-device', 'DH/2026-11-21');
  expect([incident?.count, incident?.evidence.length]).toEqual([50, 6]);
  incidents.stop();
});

test('no incidents when nobody wants them', () => {
  const settings = { incidents: false, close_after_days: 7, forget_after_days: 400 };
  const report = (_: Sighting) => {
    throw new Error('reported');
  };
  const watch = new DeviceWatch({ settings, devices, incidents: { report, resolve: () => false, list: () => [] } });
  watch.take(from, [told(1), told(2, { seen: began + day })]);
  expect(devices.of('DH')).toHaveLength(2);
});

test.each([
  ['00:80:77:12:34:56', 'printer'],
  ['44:19:b6:12:34:56', 'camera'],
  ['00:00:0c:12:34:56', 'network'],
  ['00:14:22:12:34:56', 'computer'],
  // Samsung makes everything.
  ['00:12:47:12:34:56', 'unknown'],
  ['da:a1:19:12:34:56', 'private'],
  ['fc:ff:ff:12:34:56', 'unknown'],
])('%s is a %s', (mac, expected) => {
  expect(guessClass({ mac, vendor: new DeviceVendors().of(mac) })).toBe(expected);
});
