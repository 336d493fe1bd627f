import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MaintenanceWindow, NewWindow } from './maintenance-window.ts';
import { MaintenanceWindows } from './maintenance-windows.ts';
import { standingOf } from './window-standing.ts';
import { WindowTimes } from './window-times.ts';
import { Zone } from './zone.ts';

const zone = new Zone('Asia/Ho_Chi_Minh');
const now = at('2026-11-23 10:00');
const hour = 3_600_000;
const day = 24 * hour;
const once = { unit: 'DH', from: now + hour, to: now + 3 * hour, reason: 'thay UPS' };
const weekly = { unit: 'DH', from: now, cron: '0 22 * * 6', durationMs: 2 * hour, reason: 'sao lưu' };

let folder: string;
let windows: MaintenanceWindows;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-maintenance-'));
  windows = new MaintenanceWindows(folder);
});

afterEach(() => {
  windows.stop();
  rmSync(folder, { recursive: true });
});

/** In Vietnam. */
function at(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}:00+07:00`);
}

function shown({ from, to }: { from: number; to: number }): string {
  const [begin, end] = [from, to].map((time) => new Date(time + 7 * hour).toISOString().slice(0, 16).replace('T', ' '));
  return `${begin} - ${end}`;
}

function add(window: NewWindow): MaintenanceWindow {
  return windows.add(window, { by: 'an', now });
}

describe('the file of windows', () => {
  it('keeps who wanted what and why', () => {
    const made = add({ ...once, reason: '  thay\u00a0UPS\n phòng máy ' });
    expect(made).toEqual({
      id: 1,
      unit: 'DH',
      agent: undefined,
      link: undefined,
      from: now + hour,
      to: now + 3 * hour,
      cron: undefined,
      durationMs: undefined,
      reason: 'thay UPS phòng máy',
      createdAt: now,
      createdBy: 'an',
      cancelledAt: undefined,
      cancelledBy: undefined,
    });
    windows.stop();
    windows = new MaintenanceWindows(folder);
    expect(windows.all()).toEqual([made]);
  });

  it('cancels what is not over, once', () => {
    const [first, second] = [add(once), add(weekly)];
    expect(windows.cancel(first.id, { by: 'bình', now: now + 3 * hour })).toBeUndefined();
    expect(windows.cancel(second.id, { by: 'bình', now: now + hour })).toMatchObject({ cancelledBy: 'bình' });
    expect(windows.cancel(second.id, { by: 'bình', now: now + hour })).toBeUndefined();
    expect(windows.cancel(99, { by: 'bình', now })).toBeUndefined();
    expect(windows.waiting(now).map(({ id }) => id)).toEqual([first.id]);
  });

  it('tells a running collector of what a command has changed', () => {
    const { version } = windows;
    expect(windows.version).toBe(version);
    const command = new MaintenanceWindows(folder);
    command.add(once, { by: 'an', now });
    command.stop();
    expect(windows.version).not.toBe(version);
  });

  it('forgets what ended five years ago, and keeps what never ends', () => {
    add(once);
    add(weekly);
    windows.tidy(now + 6 * 366 * day);
    expect(windows.all().map(({ id }) => id)).toEqual([2]);
  });

  it('holds so many windows that are not over', () => {
    windows.stop();
    windows = new MaintenanceWindows(folder, { maxWaiting: 3 });
    const [first] = [add(once), add(once), add(weekly)];
    expect(() => add(once)).toThrow('there are 3 windows that are not over: cancel some first');
    windows.cancel(first.id, { by: 'an', now });
    expect(add(once).id).toBe(4);
  });
});

describe('a window is refused', () => {
  it.each<[string, Partial<NewWindow>, string]>([
    ['without a reason', { reason: ' \n' }, 'a reason is needed'],
    ['with a long reason', { reason: 'x'.repeat(201) }, 'at most 200 characters'],
    ['with a reason that turns its direction', { reason: 'a\u202eb' }, 'a character that cannot be seen'],
    ['in the past', { from: now - hour }, 'cannot begin in the past'],
    ['far in the future', { from: now + 800 * day, to: now + 801 * day }, 'within two years'],
    ['before it begins', { to: now + hour }, 'ends after it has begun'],
    ['without an end', { to: undefined }, 'an end is needed'],
    ['for a moment', { to: now + hour + 1 }, 'lasts a minute at least'],
    ['for a year', { to: now + 365 * day }, 'lasts 92 days at most'],
    ['with end and duration', { durationMs: hour }, 'an end instead of a duration'],
    ['with cron and no duration', { cron: '0 22 * * 6' }, 'needs a duration'],
    ['for a week each time', { cron: '0 22 * * 6', durationMs: 7 * day }, 'from a minute to 3 days'],
    ['each minute', { cron: '* * * * *', durationMs: hour }, 'more than once an hour'],
    ['with seconds', { cron: '0 0 22 * * 6', durationMs: hour }, 'five fields are expected'],
    ['with words', { cron: 'every day', durationMs: hour }, 'five fields are expected'],
    ['with hours that are not', { cron: '0 25 * * *', durationMs: hour }, '"0 25 * * *" is not a cron expression'],
    ['that would fill the memory', { cron: '0 0-999999999 * * *', durationMs: hour }, 'five fields are expected'],
  ])('%s', (_, wrong, message) => {
    expect(() => add({ ...once, ...wrong })).toThrow(message);
    expect(windows.all()).toEqual([]);
  });
});

describe('the times of a window', () => {
  function timesOf(window: NewWindow, cancelledAt?: number): WindowTimes {
    return new WindowTimes({ ...add(window), cancelledAt }, zone);
  }

  it('are from its beginning to its end', () => {
    const times = timesOf(once);
    expect([now, now + hour, now + 3 * hour - 1, now + 3 * hour].map((time) => times.at(time) !== undefined)).toEqual([
      ...[false, true, true, false],
    ]);
  });

  it('come again, by the clock of the province', () => {
    const times = timesOf(weekly);
    expect(times.between({ from: now, to: now + 14 * day }).map(shown)).toEqual([
      '2026-11-28 22:00 - 2026-11-29 00:00',
      '2026-12-05 22:00 - 2026-12-06 00:00',
    ]);
    expect(times.at(at('2026-11-28 22:00'))).toBeDefined();
    expect(times.at(at('2026-11-29 00:00'))).toBeUndefined();
    // Asked for earlier times after later ones.
    expect(times.at(at('2026-11-28 23:59'))).toBeDefined();
  });

  it('do not begin before the window does, nor after its end', () => {
    const times = timesOf({ ...weekly, from: at('2026-11-28 22:30'), to: at('2026-12-12 22:00') });
    expect(times.between({ from: now, to: now + 60 * day }).map(shown)).toEqual([
      '2026-12-05 22:00 - 2026-12-06 00:00',
    ]);
  });

  it('end when it is cancelled; what was before stays', () => {
    const times = timesOf(weekly, at('2026-12-05 23:00'));
    expect(times.between({ from: now, to: now + 60 * day }).map(shown)).toEqual([
      '2026-11-28 22:00 - 2026-11-29 00:00',
      '2026-12-05 22:00 - 2026-12-05 23:00',
    ]);
    expect(timesOf(once, now).endingAfter(now)).toBeUndefined();
  });

  it('are one where they overlap', () => {
    const times = timesOf({ ...weekly, cron: '0 * * * *', durationMs: 2 * hour });
    const found = times.between({ from: now + 5 * hour, to: now + 9 * hour });
    expect(found.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(4 * hour);
    expect(found.every(({ from }, index) => from >= (found[index - 1]?.to ?? 0))).toBe(true);
  });

  it('are the same, however they are asked for', () => {
    const windowOf = fc.record({
      hours: fc.integer({ min: 0, max: 23 }),
      weekday: fc.integer({ min: 0, max: 6 }),
      durationMs: fc.integer({ min: 1, max: 72 * 60 }).map((minutes) => minutes * 60_000),
    });
    const made = add(weekly);
    fc.assert(
      fc.property(
        windowOf,
        fc.array(fc.integer({ min: 0, max: 30 * 24 * 60 - 1 }), { maxLength: 20 }),
        ({ hours, weekday, durationMs }, minutes) => {
          const times = new WindowTimes({ ...made, cron: `15 ${hours} * * ${weekday}`, durationMs }, zone);
          const all = times.between({ from: now, to: now + 30 * day });
          for (const time of minutes.map((minute) => now + minute * 60_000)) {
            const expected = all.some(({ from, to }) => from <= time && time < to);
            expect(times.at(time) !== undefined).toBe(expected);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are told with what it is now', () => {
    const made = add(once);
    const states = [now, now + hour, now + 3 * hour].map((time) => standingOf(made, { zone, now: time }).state);
    expect(states).toEqual(['coming', 'running', 'over']);
    expect(standingOf({ ...made, cancelledAt: now }, { zone, now }).state).toBe('cancelled');
  });
});
