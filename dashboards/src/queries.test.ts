import { expect, test } from 'vitest';
import { overRange, overTime, select, seriesKeys, tagValues } from './queries.ts';

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

test('what a dashboard lets people choose from', () => {
  expect(tagValues('system', { tag: 'unit' })).toBe('SHOW TAG VALUES FROM "system" WITH KEY = "unit"');
  expect(tagValues('network', { tag: 'interface', chosen: ['unit', 'agent'] })).toBe(
    'SHOW TAG VALUES FROM "network" WITH KEY = "interface" ' +
      `WHERE "unit" =~ /^\${unit:regex}$/ AND "agent" =~ /^\${agent:regex}$/`,
  );
  expect(seriesKeys('system')).toBe('SHOW SERIES FROM "system"');
  expect(seriesKeys('system', { chosen: ['unit'] })).toBe(
    `SHOW SERIES FROM "system" WHERE "unit" =~ /^\${unit:regex}$/`,
  );
});

test('values cannot end their quotes', () => {
  const where = { mount: "C:\\' OR ''='", class: 'pc' };
  expect(overRange(select('filesystem', { read: { used_percent: 'max' }, where }), 'en')).toContain(
    String.raw`WHERE "mount" = 'C:\\\' OR \'\'=\'' AND "class" = 'pc' AND $timeFilter`,
  );
});

test('names that the catalogue lacks do not compile, and are refused', () => {
  // @ts-expect-error there is no such measurement
  expect(() => select('cpus', { read: { usage_percent: 'mean' } })).toThrow('no measurement "cpus"');
  // @ts-expect-error there is no such field
  expect(() => select('cpu', { read: { usage: 'mean' } })).toThrow('measurement "cpu" has no field "usage"');
  expect(() => select('cpu', { read: {} })).toThrow('nothing to read from measurement "cpu"');
  // @ts-expect-error cpu has no such tag
  select('cpu', { read: { usage_percent: 'mean' }, by: ['mount'] });
  // @ts-expect-error there is no such variable
  select('cpu', { read: { usage_percent: 'mean' }, chosen: ['machine'] });
  // @ts-expect-error a text has no mean
  select('inventory', { read: { os_name: 'mean' } });
});
