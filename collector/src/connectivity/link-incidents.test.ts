import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Incidents } from '../incidents/incidents.ts';
import { LinkIncidents } from './link-incidents.ts';
import type { LinkState } from './link-judgement.ts';

let folder: string;
let incidents: Incidents;
let links: LinkIncidents;
let lines: string[];
let now: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-link-incidents-'));
  incidents = new Incidents(folder);
  lines = ['tslcd', 'inet'];
  now = 1_000;
  links = fresh();
});
afterEach(() => {
  incidents.stop();
  rmSync(folder, { recursive: true });
});

function fresh(): LinkIncidents {
  return new LinkIncidents({ incidents, linksOf: () => lines });
}

/** What a look at the lines has found. */
function find(states: Readonly<Record<string, LinkState>>): void {
  now += 1_000;
  for (const [link, state] of Object.entries(states)) {
    links.entered({ unit: 'XA', link }, { state, evidence: { at: now, what: `${link} ${state}`, facts: {} } });
  }
  links.tell(now);
}

function open(): string[] {
  const items = incidents.list({ state: 'open', limit: 10 });
  return items.map(({ kind, subject }) => `${kind} ${subject}`).sort();
}

test('one dead line of two is one incident, and so are both', () => {
  find({ tslcd: 'down' });
  expect(open()).toEqual(['link-down XA/tslcd']);
  find({ inet: 'down' });
  expect(open()).toEqual(['link-down XA']);
  const whole = incidents.openOf('link-down', 'XA');
  expect(whole).toMatchObject({ unit: 'XA', severity: 'critical', count: 1 });
  expect(whole?.evidence.map(({ what, facts }) => [what, facts.line])).toEqual([
    ['tslcd down', 'tslcd'],
    ['inet down', 'inet'],
  ]);
  const [first] = incidents.list({ state: 'closed', limit: 10 });
  expect(first).toMatchObject({ subject: 'XA/tslcd', note: `told by incident ${whole?.id}` });
});

test('both found in one look never make two', () => {
  find({ tslcd: 'down', inet: 'down' });
  expect(open()).toEqual(['link-down XA']);
  expect(incidents.list({ state: 'closed', limit: 10 })).toEqual([]);
});

test('when one is back the other is told by itself, and when both are, nothing', () => {
  find({ tslcd: 'down', inet: 'down' });
  find({ inet: 'up' });
  expect(open()).toEqual(['link-down XA/tslcd']);
  expect(incidents.openOf('link-down', 'XA/tslcd')?.evidence[0]?.what).toBe('tslcd down');
  find({ inet: 'down' });
  expect(open()).toEqual(['link-down XA']);
  find({ tslcd: 'up', inet: 'degraded' });
  expect(open()).toEqual(['link-degraded XA/inet']);
  find({ inet: 'up' });
  expect(open()).toEqual([]);
});

test('a line of which nothing is known any more is not well again', () => {
  find({ tslcd: 'down', inet: 'down' });
  find({ inet: 'unknown' });
  expect(open()).toEqual(['link-down XA']);
});

test('the only line of a unit is told by its own name', () => {
  lines = ['tslcd'];
  find({ tslcd: 'down' });
  expect(open()).toEqual(['link-down XA/tslcd']);
  expect(links.deadLinesOf('XA')).toMatchObject([{ subject: 'XA/tslcd' }]);
});

test('a line that is taken from the record leaves the other', () => {
  find({ tslcd: 'down', inet: 'down' });
  lines = ['tslcd'];
  links.ended({ unit: 'XA', link: 'inet' }, now);
  links.tell(now);
  expect(open()).toEqual(['link-down XA/tslcd']);
});

test('what was open before a restart is taken up, and closed by what is found', () => {
  find({ tslcd: 'down', inet: 'down' });
  links = fresh();
  find({ tslcd: 'unknown', inet: 'unknown' });
  expect(open()).toEqual(['link-down XA']);
  find({ tslcd: 'down' });
  find({ inet: 'up' });
  expect(open()).toEqual(['link-down XA/tslcd']);
});

test('what another incident tells of is not told again until something changes', () => {
  find({ tslcd: 'down', inet: 'down' });
  incidents.fold(incidents.openOf('link-down', 'XA')?.id ?? 0, { at: now, note: 'told by incident 9' });
  links.tell(now);
  expect(open()).toEqual([]);
  expect(links.deadLinesOf('XA')).toMatchObject([{ subject: 'XA', evidence: [{}, {}] }]);
});

test('a line that breaks under maintenance is told of when that is over, if it is still broken', () => {
  let isPlanned = true;
  links = new LinkIncidents({ incidents, linksOf: () => lines, isPlanned: () => isPlanned });
  find({ tslcd: 'down', inet: 'degraded' });
  expect(open()).toEqual([]);
  find({ inet: 'up' });
  isPlanned = false;
  find({});
  expect(open()).toEqual(['link-down XA/tslcd']);
  isPlanned = true;
  // What is open already is closed when it is over, maintenance or not.
  find({ tslcd: 'up' });
  expect(open()).toEqual([]);
});

test('a line is to be told of while an incident of its own, or of all lines, does and nobody has put it off', () => {
  const alertable = (link: string, state: LinkState = 'down') =>
    links.isAlertable({ unit: 'XA', link }, { state, now });
  expect(alertable('tslcd')).toBe(false);
  find({ inet: 'degraded' });
  expect([alertable('inet', 'degraded'), alertable('inet', 'down'), alertable('tslcd', 'up')]).toEqual([
    true,
    false,
    false,
  ]);
  find({ tslcd: 'down', inet: 'down' });
  expect([alertable('tslcd'), alertable('inet')]).toEqual([true, false]);
  incidents.snooze(incidents.openOf('link-down', 'XA')?.id ?? 0, { at: now, by: 'lan', until: now + 10_000 });
  expect(alertable('tslcd')).toBe(false);
  now += 10_000;
  expect(alertable('tslcd')).toBe(true);
  const planned = new LinkIncidents({ incidents, linksOf: () => lines, isPlanned: () => true });
  expect(planned.isAlertable({ unit: 'XA', link: 'tslcd' }, { state: 'down', now })).toBe(false);
});
