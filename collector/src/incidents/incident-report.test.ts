import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PlannedNow } from '../calendar/planned.ts';
import { LiveState } from '../live/live-state.ts';
import { createTestAgent } from '../rules/testing/test-agent.ts';
import type { StoreBatch } from '../stores/store.ts';
import type { Sighting } from './incident.ts';
import { IncidentReport } from './incident-report.ts';
import { Incidents } from './incidents.ts';

const always = { until: undefined, note: undefined };
let folder: string;
let incidents: Incidents;
let live: LiveState;
let now: number;
let planned: PlannedNow | undefined;
let written: StoreBatch[];
let registry: Registry;
let log: string[];
let report: IncidentReport;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-incident-report-'));
  incidents = new Incidents(folder);
  now = Date.UTC(2026, 10, 23, 8);
  planned = undefined;
  written = [];
  log = [];
  live = new LiveState(() => now);
  live.put(createTestAgent('a-1'));
  registry = new Registry();
  report = newReport();
});
afterEach(() => {
  report.stop();
  incidents.stop();
  rmSync(folder, { recursive: true });
});

function newReport(maxSeries?: number): IncidentReport {
  return new IncidentReport({
    incidents,
    live,
    plannedAt: () => planned,
    ingest: {
      write: async (batch) => {
        written.push(batch);
        return { status: 'stored' };
      },
    },
    registry,
    logger: pino({ level: 'error' }, { write: (line: string) => void log.push(line) }),
    now: () => now,
    ...(maxSeries !== undefined && { maxSeries }),
  });
}

function see(kind: Sighting['kind'], subject: string, changes: Partial<Sighting> = {}): number {
  const evidence = { at: now, what: 'seen', facts: {} };
  return incidents.report({ kind, severity: 'critical', subject, unit: 'DH', evidence, ...changes }).id;
}

/** What is written within so many seconds, as texts. */
function pass(seconds: number): string[] {
  written = [];
  for (const end = now + seconds * 1_000; now < end; ) {
    now += 2_000;
    report.tick();
  }
  return written.flatMap(({ origin, points }) =>
    points.map(({ tags, fields }) => {
      const numbers = [fields.open, fields.acknowledged, fields.alertable, fields.severity, fields.count];
      return `${origin.agent} ${origin.unit} ${tags.kind} ${tags.subject}: ${numbers.map((each) => each ?? '-').join(' ')}`;
    }),
  );
}

test('is told at once, then each minute', () => {
  expect(pass(2)).toEqual([]);
  see('clone', 'a-1');
  expect(pass(2)).toEqual(['a-1 DH clone a-1: 1 0 1 2 1']);
  expect(written[0]?.origin).toEqual({ agent: 'a-1', host: 'host-a-1', unit: 'DH', class: 'server' });
  expect(pass(120)).toHaveLength(2);
  expect(written[1]?.points[0]?.fields).toMatchObject({ age_seconds: 120, id: 1 });
});

test('what is about a machine is of the machine, all else is the word of the collector about the unit', () => {
  see('malware', 'a-1/eicar');
  see('outbreak', 'eicar', { unit: undefined });
  see('link-down', 'DH/tslcd');
  expect(pass(2)).toEqual([
    'a-1 DH malware a-1/eicar: 1 0 1 2 1',
    'collector - outbreak eicar: 1 0 1 2 1',
    'collector DH link-down DH/tslcd: 1 0 1 2 1',
  ]);
});

test('a word on it is told at once, one more sighting within the minute', () => {
  const id = see('clone', 'a-1');
  pass(2);
  see('clone', 'a-1');
  expect(pass(20)).toEqual([]);
  incidents.acknowledge(id, { at: now, by: 'lan' });
  expect(pass(2)).toEqual(['a-1 DH clone a-1: 1 1 1 2 2']);
  see('clone', 'a-1', { severity: 'warning' });
  expect(pass(2)).toEqual(['a-1 DH clone a-1: 1 1 1 1 3']);
});

test('its end is told at once and a few times more, and then nothing', () => {
  const id = see('clone', 'a-1');
  pass(10);
  incidents.close(id, { at: now, by: 'lan' });
  expect(pass(2)).toEqual(['a-1 DH clone a-1: 0 0 0 - -']);
  expect(pass(180)).toHaveLength(3);
  expect(pass(600)).toEqual([]);
  see('clone', 'a-1');
  expect(pass(2)).toEqual(['a-1 DH clone a-1: 1 0 1 2 1']);
});

test('one that is opened anew while its end is told is open', () => {
  const id = see('clone', 'a-1');
  pass(2);
  incidents.close(id, { at: now, by: 'lan' });
  pass(2);
  see('clone', 'a-1');
  expect(pass(2)).toEqual(['a-1 DH clone a-1: 1 0 1 2 1']);
});

test('a series that is another now, because the machine has moved, is ended', () => {
  see('outbreak', 'eicar', { unit: 'XA-01' });
  pass(2);
  see('outbreak', 'eicar', { unit: 'HUYEN' });
  expect(pass(2)).toEqual(['collector HUYEN outbreak eicar: 1 0 1 2 2', 'collector XA-01 outbreak eicar: 0 0 0 - -']);
});

test('nobody is told during maintenance, of what is put off, or of a machine that was taken out', () => {
  const id = see('clock-wrong', 'a-1');
  planned = { ...always, reason: 'maintenance' };
  expect(pass(2)).toEqual(['a-1 DH clock-wrong a-1: 1 0 0 2 1']);
  planned = { ...always, reason: 'off-hours' };
  expect(pass(2)).toEqual(['a-1 DH clock-wrong a-1: 1 0 1 2 1']);
  incidents.snooze(id, { at: now, by: 'lan', until: now + 3_600_000 });
  expect(pass(2)).toEqual(['a-1 DH clock-wrong a-1: 1 0 0 2 1']);
  expect(pass(3_600).at(-1)).toBe('a-1 DH clock-wrong a-1: 1 0 1 2 1');
  live.put({ ...createTestAgent('a-1'), revokedAt: now });
  expect(pass(2)).toEqual(['a-1 DH clock-wrong a-1: 1 0 0 2 1']);
});

test('maintenance excuses no attack', () => {
  planned = { ...always, reason: 'maintenance' };
  for (const kind of ['clone', 'malware', 'outbreak', 'compromise-hint'] as const) see(kind, 'a-1');
  expect(pass(2)).toHaveLength(4);
  expect(written.map(({ points }) => points[0]?.fields.alert)).toEqual([3, 3, 3, 3]);
});

test('what lies outside of units knows no maintenance', () => {
  planned = { ...always, reason: 'maintenance' };
  see('backup-failed', 'backup', { unit: undefined });
  expect(pass(2)).toEqual(['collector - backup-failed backup: 1 0 1 2 1']);
});

test('of too many the worst are told, and the others counted', async () => {
  report = newReport(2);
  report.start();
  see('clock-wrong', 'b-1', { severity: 'warning' });
  see('clone', 'a-1');
  see('clock-wrong', 'b-2', { severity: 'info' });
  expect(pass(2)).toEqual(['a-1 DH clone a-1: 1 0 1 2 1', 'collector DH clock-wrong b-1: 1 0 1 1 1']);
  expect(await registry.metrics()).toContain('vonggac_incident_series_untold 1');
});

test('a subject that a machine chose is bounded, and never empty', () => {
  see('outbreak', 'x'.repeat(400));
  see('outbreak', '');
  pass(2);
  expect(written.map(({ points }) => points[0]?.tags.subject)).toEqual(['x'.repeat(128), '-']);
});
