import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { point } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Incidents } from '../incidents/incidents.ts';
import { TracedPaths } from './traced-paths.ts';

const at = 1_790_000_000_000;
const origin = { agent: 'a-1', unit: 'DH' };
let folder: string;
let incidents: Incidents;
let paths: TracedPaths;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-paths-'));
  incidents = new Incidents(folder);
  paths = new TracedPaths(incidents);
});

afterEach(() => {
  incidents.stop();
  rmSync(folder, { recursive: true });
});

function traced(target: string, scope: string, path = '10.0.0.1 10.9.0.1 * *') {
  return point('connectivity', { time: at, tags: { target, kind: 'https', scope }, fields: { up: false, path } });
}

function open(kind: 'service-down' | 'service-unreachable' | 'link-down', subject: string): void {
  const evidence = { at, what: 'down', facts: {} };
  incidents.report({ kind, severity: 'critical', subject, unit: undefined, evidence });
}

test('a path that comes first is added when the incident is open, once, and counts as no further sighting', () => {
  paths.take(origin, [traced('cong', 'service')]);
  paths.tick(at + 5_000);
  open('service-down', 'cong');
  paths.tick(at + 10_000);
  paths.tick(at + 15_000);
  const incident = incidents.openOf('service-down', 'cong');
  expect(incident?.count).toBe(1);
  expect(incident?.evidence.slice(1)).toEqual([
    { at, what: 'path', facts: { agent: 'a-1', target: 'cong', path: '10.0.0.1 10.9.0.1 * *' } },
  ]);
});

test('the incident of the unit goes before that of the whole province, and an edge belongs to its line', () => {
  open('service-down', 'cong');
  open('service-unreachable', 'DH/cong');
  open('link-down', 'DH/tslcd-1');
  paths.take(origin, [traced('cong', 'service'), traced('edge:DH:tslcd-1', 'edge'), traced('gateway', 'lan')]);
  paths.tick(at);
  expect(incidents.openOf('service-unreachable', 'DH/cong')?.evidence).toHaveLength(2);
  expect(incidents.openOf('service-down', 'cong')?.evidence).toHaveLength(1);
  expect(incidents.openOf('link-down', 'DH/tslcd-1')?.evidence).toHaveLength(2);
});

test('without an incident a path is forgotten, and three of one incident are enough', () => {
  paths.take(origin, [traced('cong', 'service')]);
  paths.tick(at + 16 * 60_000);
  open('service-down', 'cong');
  paths.tick(at + 17 * 60_000);
  expect(incidents.openOf('service-down', 'cong')?.evidence).toHaveLength(1);
  for (let agent = 0; agent < 9; agent += 1)
    paths.take({ ...origin, agent: `a-${agent}` }, [traced('cong', 'service')]);
  paths.tick(at);
  expect(incidents.openOf('service-down', 'cong')?.evidence).toHaveLength(4);
});

test('a long path is kept in two parts', () => {
  open('service-down', 'cong');
  const hops = Array.from({ length: 20 }, (_, index) => `10.100.200.${100 + index}`).join(' ');
  paths.take(origin, [traced('cong', 'service', hops)]);
  paths.tick(at);
  const { path = '', path_more = '' } = incidents.openOf('service-down', 'cong')?.evidence[1]?.facts ?? {};
  expect(path + path_more).toBe(hops);
});
