import { expect, test } from 'vitest';
import { select } from '../queries.ts';
import { influxql, newest, overRange, overTime } from './influxql.ts';

test('one value for each window, one series for each value of the tags', () => {
  const selection = select('disk_io', {
    read: { read_bytes_per_second: 'mean', busy_percent: 'max' },
    by: ['device'],
    chosen: ['agent'],
  });
  expect(overTime(selection, 'en')).toBe(
    'SELECT mean("read_bytes_per_second") AS "Read", max("busy_percent") AS "Time with a request under way" ' +
      `FROM "disk_io" WHERE "agent" =~ /^\${agent:regex}$/ AND $timeFilter ` +
      'GROUP BY time($__interval), "device" fill(null)',
  );
  expect(overTime(selection, 'vi')).toContain('AS "Đọc"');
});

test('one value for the whole range', () => {
  expect(overRange(select('cpu', { read: { usage_percent: 'mean' } }), 'en')).toBe(
    'SELECT mean("usage_percent") AS "Time not idle and not waiting for I/O" FROM "cpu" WHERE $timeFilter',
  );
  expect(overRange(select('filesystem', { read: { read_only: 'last' }, by: ['mount', 'type'] }), 'en')).toBe(
    'SELECT last("read_only") AS "Mounted read-only" FROM "filesystem" WHERE $timeFilter GROUP BY "mount", "type"',
  );
});

test('how many there are: the last reading of each first, within the range inside and out', () => {
  const units = select('unit_state', { read: { offline: 'sum' }, ofLast: ['unit'], chosen: ['unit'] });
  const inner = `FROM "unit_state" WHERE "unit" =~ /^\${unit:regex}$/ AND $timeFilter GROUP BY`;
  expect(overRange(units, 'en')).toBe(
    `SELECT sum("offline") AS "Offline or late" FROM (SELECT last("offline") AS "offline" ${inner} "unit") ` +
      'WHERE $timeFilter',
  );
  expect(overTime(units, 'en')).toBe(
    'SELECT sum("offline") AS "Offline or late" FROM (SELECT last("offline") AS "offline" ' +
      `${inner} time($__interval), "unit") WHERE $timeFilter GROUP BY time($__interval) fill(null)`,
  );
});

test('only those with something in a field: of all readings, or of the last of each', () => {
  const off = { read: { security_updates: 'last' }, by: ['host'], only: { firewall: { is: 0 } } } as const;
  expect(overRange(select('posture', off), 'en')).toBe(
    'SELECT last("security_updates") AS "Security updates pending" FROM "posture" ' +
      'WHERE "firewall" = 0 AND $timeFilter GROUP BY "host"',
  );
  expect(overRange(select('posture', { ...off, ofLast: ['agent'] }), 'en')).toBe(
    'SELECT "security_updates" AS "Security updates pending" FROM (SELECT last("firewall") AS "firewall", ' +
      '"security_updates" AS "security_updates" FROM "posture" WHERE $timeFilter GROUP BY "host", "agent") ' +
      'WHERE "firewall" = 0 AND $timeFilter GROUP BY "host"',
  );
  const full = select('filesystem', { read: { used_percent: 'max' }, only: { used_percent: { above: 90 } } });
  expect(overRange(full, 'en')).toContain('WHERE "used_percent" > 90 AND $timeFilter');
  const low = select('unit_link', { read: { state: 'last' }, only: { state: { below: 2 } } });
  expect(overRange(low, 'en')).toContain('WHERE "state" < 2 AND $timeFilter');
});

test('events, the newest first', () => {
  const selection = select('malware', {
    read: { name: 'last' },
    by: ['host'],
    chosen: ['unit'],
    only: { resolved: { is: 0 } },
  });
  expect(newest(selection, { language: 'en', limit: 5 })).toBe(
    'SELECT "host", "name" AS "Threat name" FROM "malware" ' +
      `WHERE "resolved" = 0 AND "unit" =~ /^\${unit:regex}$/ AND $timeFilter ORDER BY time DESC LIMIT 5`,
  );
});

test('what a dashboard lets people choose from', () => {
  expect(influxql.tagValues('system', 'unit')).toBe('SHOW TAG VALUES FROM "system" WITH KEY = "unit"');
  expect(influxql.machines('system', { chosen: [] }).query).toBe('SHOW SERIES FROM "system"');
  expect(influxql.machines('system', { chosen: ['unit'] }).query).toBe(
    `SHOW SERIES FROM "system" WHERE "unit" =~ /^\${unit:regex}$/`,
  );
});

test('values cannot end their quotes', () => {
  const where = { mount: "C:\\' OR ''='", class: 'pc' };
  expect(overRange(select('filesystem', { read: { used_percent: 'max' }, where }), 'en')).toContain(
    String.raw`WHERE "mount" = 'C:\\\' OR \'\'=\'' AND "class" = 'pc' AND $timeFilter`,
  );
});

test('one of several values', () => {
  const where = { class: ['server', 'gateway'] };
  expect(overRange(select('cpu', { read: { cores: 'max' }, where }), 'en')).toContain(
    `WHERE ("class" = 'server' OR "class" = 'gateway') AND $timeFilter`,
  );
});
