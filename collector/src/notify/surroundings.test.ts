import { expect, test } from 'vitest';
import type { PlannedSubject } from '../calendar/planned.ts';
import { Zone } from '../calendar/zone.ts';
import type { LiveAgent } from '../live/live-state.ts';
import type { Unit } from '../registry/unit-rows.ts';
import { createSurroundings } from './surroundings.ts';
import { brief } from './testing/incident.ts';

const at = Date.parse('2026-11-23T16:05:00Z');
const asked: PlannedSubject[] = [];
const units = [
  { code: 'QB', name: 'Tỉnh Quảng Bình', parent: undefined },
  { code: 'XA-QP', name: 'Xã Quảng Phú', parent: 'QB', contact_name: 'Chị Lan', contact_phone: '0912 345 678' },
];
const record = { id: 'a-1', hostname: 'may-chu-1', unit: 'XA-QP', class: 'server' };

function surroundings(reason: 'maintenance' | 'off-hours' = 'maintenance') {
  return createSurroundings({
    live: { get: (id) => (id === 'a-1' ? ({ record } as LiveAgent) : undefined) },
    units: { all: () => units, list: () => units as unknown as Unit[] },
    planned: {
      plannedAt(subject) {
        asked.push(subject);
        return { reason, until: undefined, note: undefined };
      },
    },
    zone: new Zone('Asia/Ho_Chi_Minh'),
    consoleUrl: undefined,
  });
}

test('maintenance is looked for at the machine, the line or the unit', () => {
  const { isPlanned } = surroundings();
  const incidents = [
    brief({ kind: 'disk-full', subject: 'a-1' }),
    brief({ kind: 'agent-stopped', subject: 'a-1' }),
    brief({ kind: 'link-down', subject: 'XA-QP/tslcd-1' }),
    brief({ kind: 'link-down', subject: 'XA-QP' }),
    brief({ kind: 'unit-unreachable', subject: 'XA-QP' }),
  ];
  expect(incidents.every((each) => isPlanned(each, at))).toBe(true);
  const machine = { unit: 'XA-QP', agentId: 'a-1', class: 'server' };
  const unit = { unit: 'XA-QP' };
  expect(asked).toEqual([machine, machine, { ...unit, link: 'tslcd-1' }, unit, unit]);
});

test('maintenance excuses no attack', () => {
  const { isPlanned } = surroundings();
  for (const kind of ['clone', 'compromise-hint', 'malware', 'outbreak'] as const) {
    expect(isPlanned(brief({ kind, subject: 'a-1/Eicar' }), at)).toBe(false);
  }
});

test('that nobody works at night hides nothing', () => {
  expect(surroundings('off-hours').isPlanned(brief({ kind: 'disk-full' }), at)).toBe(false);
});

test('names and times are written for people of the province', () => {
  const { writing, minuteOfDay, unitAndBelow } = surroundings();
  const { time, machine, unit } = writing('vi');
  expect(time(at)).toBe('23:05 23/11/2026');
  expect(minuteOfDay(at)).toBe(23 * 60 + 5);
  expect([machine('a-1'), machine('a-2')]).toEqual(['may-chu-1', undefined]);
  expect(unit('XA-QP')).toEqual({ name: 'Xã Quảng Phú', contact: 'Chị Lan, 0912 345 678' });
  expect([unit('QB')?.contact, unit('KHAC')]).toEqual([undefined, undefined]);
  expect(unitAndBelow('QB')).toEqual(new Set(['QB', 'XA-QP']));
});
