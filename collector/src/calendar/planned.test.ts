import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRegistry } from '../registry/database.ts';
import { Units } from '../registry/units.ts';
import { Calendars } from './calendars.ts';
import type { NewWindow } from './maintenance-window.ts';
import type { PlannedSubject } from './planned.ts';
import { CalendarSection } from './settings.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** A Monday in working hours. */
const now = at('2026-11-23 10:00');
const pc = { unit: 'DH-BL', agentId: 'a-1', class: 'pc' } as const;
const server = { ...pc, class: 'server' } as const;

let folder: string;
let registry: ReturnType<typeof openRegistry>;
let units: Units;
let calendars: Calendars;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-planned-'));
  registry = openRegistry(folder);
  units = new Units(registry);
  const from = at('2026-01-01 00:00');
  units.add({ code: 'QB', name: 'tỉnh' }, { from, now });
  units.add({ code: 'DH', name: 'Đồng Hới', parent: 'QB' }, { from, now });
  units.add({ code: 'DH-BL', name: 'Bắc Lý', parent: 'DH', links: [{ id: 'tslcd', kind: 'tslcd' }] }, { from, now });
  calendars = open();
});

afterEach(() => {
  calendars.stop();
  registry.close();
  rmSync(folder, { recursive: true });
});

function at(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}:00+07:00`);
}

function open(settings: object = {}): Calendars {
  return new Calendars({ folder, settings: CalendarSection.parse(settings), units, now: () => now });
}

function plan(window: Partial<NewWindow>): void {
  const whole = { unit: 'DH', from: now + hour, to: now + 3 * hour, reason: 'thay UPS', ...window };
  calendars.windows.add(whole, { by: 'an', now });
  calendars.look();
}

function reasonAt(subject: PlannedSubject, time: number): string | undefined {
  return calendars.planned.plannedAt(subject, time)?.reason;
}

describe('off hours', () => {
  it('are normal for PCs, and for no other machine, nor for lines', () => {
    const night = at('2026-11-23 22:00');
    expect(calendars.planned.plannedAt(pc, night)).toEqual({
      reason: 'off-hours',
      // The 24th is a holiday.
      until: at('2026-11-25 07:00'),
      note: 'Ngày Văn hóa Việt Nam',
    });
    const others: PlannedSubject[] = [
      server,
      { ...pc, class: 'gateway' },
      { unit: 'DH-BL', link: 'tslcd' },
      { unit: 'DH-BL' },
    ];
    expect(others.map((subject) => reasonAt(subject, night))).toEqual(others.map(() => undefined));
    expect(reasonAt(pc, now)).toBeUndefined();
  });

  it('are those of the nearest unit above that has a calendar', () => {
    calendars.stop();
    calendars = open({ calendars: { 'mot-cua': { hours: ['mon-sat 07:00-17:00'] } } });
    const saturday = at('2026-11-28 10:00');
    expect(reasonAt(pc, saturday)).toBe('off-hours');
    units.change('DH', { calendar: 'mot-cua' }, { now });
    calendars.unitsChanged();
    expect(reasonAt(pc, saturday)).toBeUndefined();
    units.change('DH-BL', { calendar: '24-7' }, { now });
    calendars.unitsChanged();
    expect(reasonAt(pc, at('2026-11-28 23:00'))).toBeUndefined();
    expect(reasonAt({ ...pc, unit: 'DH' }, at('2026-11-28 23:00'))).toBe('off-hours');
  });

  it('of the past are those of the calendar of then', () => {
    units.change('DH', { calendar: '24-7' }, { from: at('2026-11-15 00:00'), now });
    calendars.unitsChanged();
    const planned = calendars.planned.plannedBetween(pc, at('2026-11-09 00:00'), at('2026-11-23 00:00'));
    expect(planned.at(-1)?.to).toBe(at('2026-11-15 00:00'));
  });

  it('are the default ones where a name is not declared, and that is said', () => {
    units.change('DH-BL', { calendar: 'quen-khai' }, { now });
    calendars.unitsChanged();
    expect(reasonAt(pc, at('2026-11-23 22:00'))).toBe('off-hours');
    expect(calendars.warnings().at(-1)).toBe(
      'there is no calendar "quen-khai", which DH-BL names: declare it in calendar.calendars; known are gio-hanh-chinh, 24-7',
    );
  });

  it('may be those of other classes', () => {
    calendars.stop();
    calendars = open({ classes: ['pc', 'server'], default: '24-7' });
    expect(reasonAt(pc, at('2026-11-23 22:00'))).toBeUndefined();
    units.change('DH', { calendar: 'gio-hanh-chinh' }, { now });
    calendars.unitsChanged();
    expect(reasonAt(server, at('2026-11-23 22:00'))).toBe('off-hours');
  });
});

describe('maintenance', () => {
  const during = now + 2 * hour;

  it('of a unit is of all below it', () => {
    plan({});
    expect(calendars.planned.plannedAt(server, during)).toEqual({
      reason: 'maintenance',
      until: now + 3 * hour,
      note: 'thay UPS',
    });
    expect(reasonAt({ unit: 'DH-BL', link: 'tslcd' }, during)).toBe('maintenance');
    expect(reasonAt({ ...server, unit: 'QB' }, during)).toBeUndefined();
    expect([now, now + 3 * hour].map((time) => reasonAt(server, time))).toEqual([undefined, undefined]);
  });

  it('of a machine is of no other', () => {
    plan({ unit: 'DH-BL', agent: 'a-1' });
    expect(reasonAt(server, during)).toBe('maintenance');
    expect(reasonAt({ ...server, agentId: 'a-2' }, during)).toBeUndefined();
    expect(reasonAt({ unit: 'DH-BL' }, during)).toBeUndefined();
  });

  it('of the only line is of the machines behind it', () => {
    plan({ unit: 'DH-BL', link: 'tslcd' });
    expect(reasonAt({ unit: 'DH-BL', link: 'tslcd' }, during)).toBe('maintenance');
    expect(reasonAt(server, during)).toBe('maintenance');
    const links = ['tslcd', 'vnpt'].map((id) => ({ id, kind: 'internet' as const }));
    units.change('DH-BL', { links }, { now });
    calendars.unitsChanged();
    expect(reasonAt(server, during)).toBeUndefined();
    plan({ unit: 'DH-BL', link: 'vnpt', from: now + 2.5 * hour, to: now + 4 * hour });
    expect(reasonAt(server, now + 2.75 * hour)).toBe('maintenance');
    const [first, ...others] = calendars.planned.plannedBetween(server, now, now + day);
    expect(first).toMatchObject({ from: now + 2.5 * hour, to: now + 3 * hour });
    expect(others).toEqual([]);
  });

  it('counts before off hours', () => {
    plan({ from: at('2026-11-23 16:00'), to: at('2026-11-23 20:00') });
    const planned = calendars.planned.plannedBetween(pc, now, at('2026-11-24 00:00'));
    expect(planned.map(({ reason, to }) => [reason, to])).toEqual([
      ['maintenance', at('2026-11-23 20:00')],
      ['off-hours', at('2026-11-24 00:00')],
    ]);
  });

  it('ends at once when it is cancelled', () => {
    plan({ from: now });
    expect(reasonAt(server, now)).toBe('maintenance');
    calendars.windows.cancel(1, { by: 'an', now: now + 60_000 });
    calendars.look();
    expect([now, now + 60_000].map((time) => reasonAt(server, time))).toEqual(['maintenance', undefined]);
  });
});

it('says the same of a moment as of the time around it', () => {
  plan({ cron: '30 6 * * *', to: undefined, durationMs: 2 * hour });
  plan({ unit: 'DH-BL', link: 'tslcd', from: now + 5 * day, to: now + 7 * day });
  plan({ unit: 'DH-BL', agent: 'a-1', from: now + 6 * day, to: now + 8 * day });
  const to = now + 30 * day;
  fc.assert(
    fc.property(fc.constantFrom(pc, server), fc.integer({ min: 0, max: 30 * 24 * 60 - 1 }), (subject, minute) => {
      const planned = calendars.planned.plannedBetween(subject, now, to);
      for (const [index, each] of planned.entries())
        expect(each.from).toBeGreaterThanOrEqual(planned[index - 1]?.to ?? now);
      const time = now + minute * 60_000;
      const found = planned.find((each) => each.from <= time && time < each.to);
      expect(reasonAt(subject, time)).toBe(found?.reason);
    }),
  );
});

it('answers for ten thousand machines before the test is out of time', () => {
  for (let index = 0; index < 20; index += 1) {
    units.add({ code: `U-${index}`, name: 'xã', parent: 'DH' }, { now });
    plan({ unit: `U-${index}`, cron: '0 22 * * 6', to: undefined, durationMs: hour });
  }
  calendars.unitsChanged();
  let planned = 0;
  for (let index = 0; index < 10_000; index += 1) {
    const subject = { unit: `U-${index % 20}`, agentId: `a-${index}`, class: 'pc' } as const;
    if (calendars.planned.plannedAt(subject, at('2026-11-28 22:30'))) planned += 1;
  }
  expect(planned).toBe(10_000);
});
