import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NewWindow } from '../../calendar/maintenance-window.ts';
import { Driven } from './testing/driven.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const attacks = 'clone|compromise-hint|malware-resolved|malware-unresolved|outbreak';
const notMalware = { name: 'rule', value: attacks, isRegex: true, isEqual: false };
const ours = { name: 'managed_by', value: 'vonggac', isRegex: false, isEqual: true };

let driven: Driven;

beforeEach(async () => {
  driven = new Driven();
  await driven.pass(1_000);
});
afterEach(() => driven.stop());

function plan(window: Partial<NewWindow> & { inMs?: number } = {}) {
  const { now } = driven.clock;
  const from = now + (window.inMs ?? hourMs);
  const { inMs: _, ...more } = window;
  const to = window.cron === undefined ? from + 2 * hourMs : undefined;
  return driven.calendars.windows.add({ unit: 'XA', reason: 'thay máy chủ', from, to, ...more }, { by: 'an', now });
}

async function settle(): Promise<void> {
  await driven.pass(61_000);
}

describe('a maintenance window', () => {
  test('becomes one silence of our own alerts of the unit, and no second', async () => {
    const { from, to = 0 } = plan();
    await settle();
    expect(driven.grafana.active).toEqual([
      {
        id: 's1',
        startsAt: new Date(from).toISOString(),
        endsAt: new Date(to).toISOString(),
        createdBy: 'vonggac',
        comment: expect.stringMatching(/^Vọng Gác: thay máy chủ \(an\) \[[0-9a-f]{8}\/window\/1\/\d+\]$/u),
        matchers: [ours, notMalware, { name: 'unit', value: 'XA', isRegex: false, isEqual: true }],
      },
    ]);
    await driven.restart();
    for (let pass = 0; pass < 4; pass += 1) await settle();
    // It has begun meanwhile.
    await driven.pass(hourMs);
    expect(driven.grafana.writes.filter((write) => write.includes('silence'))).toHaveLength(1);
    expect(await driven.metric('vonggac_grafana_silences_total')).toEqual({});
  });

  test('of a unit silences all below it, and what is added there later', async () => {
    plan({ unit: 'QB' });
    await settle();
    expect(driven.grafana.active[0]?.matchers[2]).toEqual({
      name: 'unit',
      value: 'QB|XA',
      isRegex: true,
      isEqual: true,
    });
    driven.units.ensure({ code: 'XB.1', name: 'Xã B', parent: 'QB' }, driven.clock.now);
    await settle();
    expect(driven.grafana.active.map(({ matchers }) => matchers[2])).toMatchObject([{ value: 'QB|XA|XB\\.1' }]);
    expect(await driven.metric('vonggac_grafana_silences_total')).toEqual({ made: 1, updated: 1 });
  });

  test.each([
    [{ agent: 'a-1' }, [{ name: 'agent', value: 'a-1' }]],
    [
      { link: 'chinh' },
      [
        { name: 'unit', value: 'XA' },
        { name: 'link', value: 'chinh' },
      ],
    ],
  ])('of %j silences no more than that', async (subject, matchers) => {
    plan(subject);
    await settle();
    expect(driven.grafana.active[0]?.matchers.slice(2)).toMatchObject(matchers);
  });

  test('that comes again has a silence for each time of the next seven days', async () => {
    plan({ cron: '0 22 * * *', durationMs: 2 * hourMs });
    await settle();
    expect(driven.grafana.active).toHaveLength(7);
    await driven.pass(dayMs);
    expect(driven.grafana.active).toHaveLength(7);
    expect(await driven.metric('vonggac_grafana_silences_total')).toEqual({ made: 8 });
  });

  test('that is cancelled is expired, before it begins or while it lasts', async () => {
    const coming = plan();
    const running = plan({ inMs: 0 });
    await settle();
    expect(driven.grafana.active).toHaveLength(2);
    for (const { id } of [coming, running]) driven.calendars.windows.cancel(id, { by: 'an', now: driven.clock.now });
    await driven.pass(3_000);
    expect(driven.grafana.active).toEqual([]);
    await settle();
    expect(await driven.metric('vonggac_grafana_silences_total')).toEqual({ made: 2, expired: 2 });
  });
});

test('silences of others are left alone, whatever their author and comment say', async () => {
  const common = { startsAt: '2026-11-23T08:00:00Z', endsAt: '2026-12-23T08:00:00Z', matchers: [ours] };
  driven.grafana.silences.set('x', { ...common, id: 'x', createdBy: 'an', comment: 'tự đặt' });
  driven.grafana.silences.set('y', { ...common, id: 'y', createdBy: 'vonggac', comment: 'khác [00000000/window/1/2]' });
  const window = plan();
  await settle();
  driven.calendars.windows.cancel(window.id, { by: 'an', now: driven.clock.now });
  await settle();
  expect(driven.grafana.active.map(({ id }) => id)).toEqual(['x', 'y']);
});

test('one that a person lifts stays lifted; what Grafana has lost is made anew; a double goes', async () => {
  plan();
  plan({ inMs: 3 * hourMs });
  await settle();
  const [first, second] = driven.grafana.active;
  driven.grafana.expire(first?.id ?? '');
  await settle();
  expect(driven.grafana.active.map(({ id }) => id)).toEqual([second?.id]);
  driven.grafana.silences.clear();
  await settle();
  expect(driven.grafana.active).toHaveLength(2);
  const [one] = driven.grafana.active;
  if (one) driven.grafana.silences.set('double', { ...one, id: 'double' });
  await settle();
  expect(driven.grafana.active).toHaveLength(2);
});

test('a lost answer or an interruption between two calls leaves no second silence', async () => {
  driven.grafana.lostAnswers = 1;
  plan();
  plan({ inMs: 3 * hourMs });
  await settle();
  expect(driven.grafana.active).toHaveLength(1);
  await settle();
  expect(driven.grafana.active).toHaveLength(2);
});

describe('an incident that somebody acknowledges', () => {
  async function acknowledge() {
    const evidence = { at: driven.clock.now, what: 'seen', facts: {} };
    const sighting = { kind: 'machine-offline', severity: 'critical', subject: 'a-1', unit: 'XA', evidence } as const;
    const { id } = driven.incidents.report(sighting);
    driven.incidents.acknowledge(id, { at: driven.clock.now, by: 'bình', note: 'đang đến' });
    await settle();
  }

  test('silences nothing by default', async () => {
    await acknowledge();
    expect(driven.grafana.silences.size).toBe(0);
  });

  test('silences its own alerts for so long as is configured, or until it is closed', async () => {
    await driven.stop();
    driven = new Driven({ acknowledge_silences_minutes: 120 });
    const at = driven.clock.now;
    await acknowledge();
    expect(driven.grafana.active).toMatchObject([
      {
        endsAt: new Date(at + 2 * hourMs).toISOString(),
        comment: expect.stringContaining('đang đến (bình)'),
        matchers: [
          ours,
          { name: 'rule', value: 'gateway-down|server-down', isRegex: true },
          { name: 'agent', value: 'a-1', isRegex: false },
        ],
      },
    ]);
    driven.incidents.resolve('machine-offline', 'a-1', driven.clock.now);
    await driven.pass(3_000);
    expect(driven.grafana.active).toEqual([]);
  });

  test('of malware is never silenced', async () => {
    await driven.stop();
    driven = new Driven({ acknowledge_silences_minutes: 120 });
    const evidence = { at: driven.clock.now, what: 'seen', facts: {} };
    const sighting = { kind: 'malware', severity: 'critical', subject: 'XA/Eicar', unit: 'XA', evidence } as const;
    driven.incidents.acknowledge(driven.incidents.report(sighting).id, { at: driven.clock.now, by: 'bình' });
    await settle();
    expect(driven.grafana.silences.size).toBe(0);
  });
});

test('what Grafana refuses of silences does not hold up annotations', async () => {
  plan();
  driven.grafana.refusesSilences = true;
  await settle();
  const evidence = { at: driven.clock.now, what: 'seen', facts: {} };
  driven.incidents.report({ kind: 'malware', severity: 'critical', subject: 'XA/a', unit: 'XA', evidence });
  await driven.pass(3_000);
  expect(driven.texts()).toHaveLength(1);
  expect(driven.log).toEqual([expect.stringMatching(/^cannot drive Grafana .*silences.*the token may not do that/)]);
  driven.grafana.refusesSilences = false;
  await driven.pass(300_000);
  expect(driven.grafana.active).toHaveLength(1);
});

test('one that Grafana refuses for itself does not hold up the others', async () => {
  plan();
  plan({ inMs: 3 * hourMs });
  driven.grafana.refusal = { status: 400, times: 1 };
  await settle();
  expect(await driven.metric('vonggac_grafana_silences_total')).toEqual({ failed: 1, made: 1 });
  await settle();
  expect(driven.grafana.active).toHaveLength(2);
});
