import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isSnoozed, type Sighting } from './incident.ts';
import { Incidents } from './incidents.ts';

const day = 86_400_000;

let folder: string;
let incidents: Incidents;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-incidents-'));
  incidents = new Incidents(folder);
});
afterEach(() => {
  incidents.stop();
  rmSync(folder, { recursive: true });
});

function clone(subject: string, at: number, changes: Partial<Sighting> = {}): Sighting {
  const evidence = { at, what: 'second-holder', facts: { address: '10.0.0.9' } };
  return { kind: 'clone', severity: 'critical', subject, unit: 'DV', evidence, ...changes };
}

test('one is open per subject: what is seen again adds to it', () => {
  const opened = incidents.report(clone('a-1', 1_000));
  expect(opened).toMatchObject({ kind: 'clone', subject: 'a-1', openedAt: 1_000, lastAt: 1_000, count: 1 });
  const again = incidents.report(clone('a-1', 2_000, { unit: 'DV-2', times: 3 }));
  expect(again).toMatchObject({ id: opened.id, openedAt: 1_000, lastAt: 2_000, count: 4, unit: 'DV-2' });
  expect(again.evidence.map(({ at }) => at)).toEqual([1_000, 2_000]);
  expect(incidents.report(clone('a-2', 3_000)).id).toBe(opened.id + 1);
  expect(incidents.openByKind()).toEqual(new Map([['clone', 2]]));
});

test('is as it was after the file is opened anew', () => {
  const { id } = incidents.report(clone('a-1', 1_000));
  incidents.acknowledge(id, { at: 2_000, by: 'lan', note: 'đã gọi cho xã' });
  incidents.stop();
  incidents = new Incidents(folder);
  expect(incidents.get(id)).toMatchObject({ acknowledgedAt: 2_000, acknowledgedBy: 'lan', note: 'đã gọi cho xã' });
});

test('a closed one stays closed, and the same thing seen later opens a new one', () => {
  const { id } = incidents.report(clone('a-1', 1_000));
  incidents.acknowledge(id, { at: 2_000, by: 'lan', note: 'xem lại' });
  expect(incidents.close(id, { at: 3_000, by: 'lan' })).toBe(true);
  expect(incidents.get(id)).toMatchObject({ closedAt: 3_000, closedBy: 'lan', note: 'xem lại' });
  expect(incidents.close(id, { at: 4_000, by: 'an' })).toBe(false);
  expect(incidents.acknowledge(id, { at: 4_000, by: 'an' })).toBe(false);
  expect(incidents.close(99, { at: 4_000, by: 'an' })).toBe(false);
  const later = incidents.report(clone('a-1', 5_000));
  expect(later).toMatchObject({ count: 1, acknowledgedAt: undefined });
  expect(later.id).not.toBe(id);
});

test("its detector closes it, in nobody's name; what is not open stays as it is", () => {
  const { id } = incidents.report(clone('a-1', 1_000));
  expect(incidents.resolve('clone', 'a-2', 2_000)).toBe(false);
  expect(incidents.resolve('service-down', 'a-1', 2_000)).toBe(false);
  expect(incidents.resolve('clone', 'a-1', 2_000)).toBe(true);
  expect(incidents.get(id)).toMatchObject({ closedAt: 2_000, closedBy: undefined });
  expect(incidents.resolve('clone', 'a-1', 3_000)).toBe(false);
});

test('lists newest first, by state and unit, page by page', () => {
  const ids = ['a-1', 'a-2', 'a-3'].map((subject, i) => incidents.report(clone(subject, i, { unit: `U${i}` })).id);
  incidents.close(Number(ids[1]), { at: 9, by: 'lan' });
  const listed = (query: Partial<Parameters<Incidents['list']>[0]>) =>
    incidents.list({ state: 'all', limit: 10, ...query }).map(({ subject }) => subject);
  expect(listed({})).toEqual(['a-3', 'a-2', 'a-1']);
  expect(listed({ state: 'open' })).toEqual(['a-3', 'a-1']);
  expect(listed({ state: 'closed' })).toEqual(['a-2']);
  expect(listed({ limit: 1, before: Number(ids[2]) })).toEqual(['a-2']);
  expect(listed({ units: new Set(['U0', 'U1']) })).toEqual(['a-2', 'a-1']);
  expect(listed({ units: new Set() })).toEqual([]);
});

test('evidence is bounded, and its texts are made harmless', () => {
  const facts = Object.fromEntries(
    Array.from({ length: 50 }, (_, i) => [`fact${i}`, `${'x'.repeat(1_000)}\n\u001b[2J`]),
  );
  for (let at = 0; at < 30; at += 1) incidents.report(clone('a-1', at, { evidence: { at, what: 'w', facts } }));
  const incident = incidents.openOf('clone', 'a-1');
  expect(incident?.count).toBe(30);
  expect(incident?.evidence.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, i) => i + 10));
  expect(Object.keys(incident?.evidence[0]?.facts ?? {})).toHaveLength(16);
  expect(JSON.stringify(incident)).not.toMatch(/\\n|\\u001b|x{201}/);
});

test('one that another tells of is closed by its detector, with a note', () => {
  const { id } = incidents.report(clone('a-1', 5));
  expect(incidents.lastOf('clone', 'a-1')?.closedAt).toBeUndefined();
  expect(incidents.fold(id, { at: 7, note: 'folded into incident 9' })).toBe(true);
  expect(incidents.fold(id, { at: 8, note: 'again' })).toBe(false);
  expect(incidents.lastOf('clone', 'a-1')).toMatchObject({ id, closedAt: 7, note: 'folded into incident 9' });
  expect(incidents.lastOf('clone', 'a-1')?.closedBy).toBeUndefined();
  expect(incidents.lastOf('clone', 'a-2')).toBeUndefined();
});

test('closed ones are forgotten after a while, open ones never', () => {
  const old = incidents.report(clone('a-1', 0)).id;
  incidents.close(old, { at: 1, by: 'lan' });
  const open = incidents.report(clone('a-2', 2)).id;
  incidents.report(clone('a-3', 399 * day));
  expect(incidents.get(old)).toBeDefined();
  incidents.report(clone('a-4', 401 * day));
  expect(incidents.get(old)).toBeUndefined();
  expect(incidents.get(open)).toBeDefined();
});

test('is given to a person and to nobody again, and keeps who did it', () => {
  const { id } = incidents.report(clone('a-1', 1_000));
  incidents.report(clone('a-2', 1_000));
  expect(incidents.assign(id, { at: 2_000, by: 'lan', to: 'an' })).toBe(true);
  expect(incidents.get(id)).toMatchObject({ assignedTo: 'an', assignedBy: 'lan', assignedAt: 2_000 });
  expect(incidents.list({ state: 'open', assignee: 'an', limit: 9 }).map(({ subject }) => subject)).toEqual(['a-1']);
  expect(incidents.assign(id, { at: 3_000, by: 'lan', to: undefined })).toBe(true);
  expect(incidents.get(id)).toMatchObject({ assignedTo: undefined, assignedBy: undefined, assignedAt: undefined });
  expect(incidents.get(id)?.evidence.map(({ what, facts }) => [what, facts.to, facts.by])).toEqual([
    ['second-holder', undefined, undefined],
    ['assigned', 'an', 'lan'],
    ['unassigned', undefined, 'lan'],
  ]);
  incidents.close(id, { at: 4_000, by: 'an' });
  expect(incidents.assign(id, { at: 5_000, by: 'lan', to: 'an' })).toBe(false);
});

test('what is put off wakes when it gets worse, not when it is only seen again', () => {
  const { id } = incidents.report(clone('a-1', 1_000, { severity: 'warning' }));
  expect(incidents.snooze(id, { at: 2_000, by: 'an', until: 9_000 })).toBe(true);
  const snoozed = incidents.report(clone('a-1', 3_000, { severity: 'info' }));
  expect([isSnoozed(snoozed, 8_999), isSnoozed(snoozed, 9_000)]).toEqual([true, false]);
  expect(incidents.report(clone('a-1', 4_000, { severity: 'critical' })).snoozedUntil).toBeUndefined();
  expect(incidents.snooze(id, { at: 5_000, by: 'an', until: 9_000 })).toBe(true);
  expect(incidents.snooze(id, { at: 6_000, by: 'lan', until: undefined })).toBe(true);
  expect(incidents.get(id)).toMatchObject({ snoozedUntil: undefined, snoozedBy: undefined });
  incidents.close(id, { at: 7_000, by: 'an' });
  expect(incidents.snooze(id, { at: 8_000, by: 'an', until: 9_000 })).toBe(false);
});

test('what is open is read without what was seen', () => {
  const { id } = incidents.report(clone('a-1', 1_000));
  incidents.close(incidents.report(clone('a-2', 1_000)).id, { at: 2_000, by: 'an' });
  expect(incidents.open()).toMatchObject([{ id, level: 1, heldMs: 0, count: 1 }]);
  expect(incidents.open()[0]).not.toHaveProperty('evidence');
});
