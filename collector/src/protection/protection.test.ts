import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { point } from '@vonggac/shared';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Incidents } from '../incidents/incidents.ts';
import { LiveState } from '../live/live-state.ts';
import type { AgentRecord } from '../registry/agents.ts';
import type { StoreBatch } from '../stores/store.ts';
import { Protection } from './protection.ts';
import { ProtectionSection } from './settings.ts';

const now = Date.UTC(2026, 10, 23, 8);
const origin = { agent: 'a', host: 'h', unit: 'U', class: 'pc' } as const;

let folder: string;
let incidents: Incidents;
let protection: Protection;
let written: StoreBatch[];
let log: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-protection-'));
  written = [];
  log = [];
  open();
});
afterEach(() => {
  close();
  rmSync(folder, { recursive: true });
});

function open(): void {
  incidents = new Incidents(folder);
  const live = new LiveState(() => now);
  live.put({ ...origin, id: 'a', hostname: 'h', enrolledAt: now } as unknown as AgentRecord);
  protection = new Protection({
    folder,
    settings: ProtectionSection.parse({}),
    live,
    units: { list: () => [] },
    incidents,
    ingest: {
      write: (batch) => {
        written.push(batch);
        return Promise.resolve({ status: 'stored' });
      },
    },
    registry: new Registry(),
    logger: pino({}, { write: (line: string) => void log.push(line) }),
    now: () => now,
  });
}

function close(): void {
  protection.stop();
  incidents.stop();
}

/** Another life of the collector, on the same files. */
function restart(): void {
  close();
  open();
  protection.start();
}

const found = point('malware', {
  time: now,
  tags: { product: 'x', severity: 'high' },
  fields: { event: 'e', name: 'Eicar', action: 'detected' },
});

test('a detection is at once an incident, a finding and a value of the series', () => {
  expect(protection.take({ origin, points: [found] })).toBe(true);
  expect(incidents.openOf('malware', 'a/eicar')?.unit).toBe('U');
  expect(protection.machines.get('a')?.findings.map(({ rule }) => rule)).toContain('AV-08');
  expect(written.at(-1)?.points[0]?.fields).toMatchObject({ state: -1, findings: 'AV-16 AV-08' });
  expect(protection.take({ origin, points: [found] })).toBe(true);
  expect(incidents.openOf('malware', 'a/eicar')?.count).toBe(1);
});

test('detections that cannot be kept are to be sent again; other readings are not', () => {
  protection.malware.stop();
  expect(protection.take({ origin, points: [found] })).toBe(false);
  expect(log.join()).toContain('cannot judge protection');
  const reading = point('antivirus', { time: now, tags: { product: 'none' }, fields: { read_state: 'absent' } });
  expect(protection.take({ origin, points: [reading] })).toBe(true);
});

test('a detection that was kept, and acked, is an incident at the next start if it could not be one before', () => {
  incidents.stop();
  expect(protection.take({ origin, points: [found] })).toBe(true);
  restart();
  expect(incidents.openOf('malware', 'a/eicar')).toMatchObject({ unit: 'U', count: 1 });
  restart();
  expect(incidents.openOf('malware', 'a/eicar')?.count).toBe(1);
  protection.machines.look('a', { now });
  expect(protection.machines.get('a')?.findings.map(({ rule }) => rule)).toContain('AV-08');
});

test('a detection of which an incident was just told when the collector was killed is not told twice', () => {
  protection.malware.tellDone = () => {
    throw new Error('killed');
  };
  protection.take({ origin, points: [found] });
  expect(incidents.openOf('malware', 'a/eicar')?.count).toBe(1);
  restart();
  expect(incidents.openOf('malware', 'a/eicar')?.count).toBe(1);
});

test('what became of a detection while incidents could not be written is known at the next start', () => {
  protection.take({ origin, points: [found] });
  expect(incidents.openOf('malware', 'a/eicar')?.severity).toBe('critical');
  incidents.stop();
  const removed = { ...found, time: now + 1, fields: { ...found.fields, action: 'removed', resolved: true } };
  protection.take({ origin, points: [removed] });
  restart();
  expect(incidents.openOf('malware', 'a/eicar')).toMatchObject({ severity: 'warning', count: 1 });
});
