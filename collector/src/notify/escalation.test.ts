import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sighting } from '../incidents/incident.ts';
import { Incidents } from '../incidents/incidents.ts';
import { Escalation } from './escalation.ts';

const minute = 60_000;
const settings = { critical: [15, 60], warning: [240], info: [] };

let folder: string;
let incidents: Incidents;
let escalation: Escalation;
let isPlanned: boolean;
let id: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-escalation-'));
  incidents = new Incidents(folder);
  isPlanned = false;
  escalation = new Escalation({ settings, incidents });
  id = report('critical').id;
});
afterEach(() => {
  incidents.stop();
  rmSync(folder, { recursive: true });
});

function report(severity: Sighting['severity'], at = 0) {
  const evidence = { at, what: 'second-holder', facts: {} };
  return incidents.report({ kind: 'clone', severity, subject: severity, unit: 'DV', evidence });
}

/** The level after a look at each of these minutes. */
function levelsAt(...minutes: number[]): (number | undefined)[] {
  return minutes.map((at) => {
    const open = incidents.open();
    const planned = new Set(isPlanned ? open.map(({ id }) => id) : []);
    escalation.tick({ now: at * minute, open, planned });
    return incidents.get(id)?.level;
  });
}

test('rises step by step while nobody takes it, and its evidence says so', () => {
  expect(levelsAt(14, 15, 16, 59, 60, 9_999)).toEqual([1, 2, 2, 2, 3, 3]);
  expect(incidents.get(id)?.evidence.map(({ what, facts }) => [what, facts.level, facts.waited_minutes])).toEqual([
    ['second-holder', undefined, undefined],
    ['escalated', '2', '15'],
    ['escalated', '3', '60'],
  ]);
});

test('rises at once to where it belongs after the collector was away', () => {
  expect(levelsAt(61)).toEqual([3]);
});

test('stays where it is once somebody took it', () => {
  incidents.acknowledge(id, { at: 14 * minute, by: 'an' });
  expect(levelsAt(15, 60)).toEqual([1, 1]);
});

test('its time does not run while it is snoozed or planned, over a restart too', () => {
  expect(levelsAt(10)).toEqual([1]);
  incidents.snooze(id, { at: 10 * minute, by: 'an', until: 30 * minute });
  expect(levelsAt(10, 20)).toEqual([1, 1]);
  escalation = new Escalation({ settings, incidents });
  expect(levelsAt(30, 34, 35)).toEqual([1, 1, 2]);
  isPlanned = true;
  expect(levelsAt(40, 500)).toEqual([2, 2]);
  isPlanned = false;
  expect(levelsAt(500, 539, 540)).toEqual([2, 2, 3]);
});

test('each severity has its own steps', () => {
  const [warning, info] = [report('warning'), report('info')];
  levelsAt(240, 9_999);
  expect([incidents.get(warning.id)?.level, incidents.get(info.id)?.level]).toEqual([2, 1]);
});
