import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Calendars } from '../calendar/calendars.ts';
import { CalendarSection } from '../calendar/settings.ts';
import { LinkLedger } from '../connectivity/link-ledger.ts';
import type { Verdict } from '../outages/outage.ts';
import { OutageLedger } from '../outages/outage-ledger.ts';
import type { AuditEvent } from '../registry/audit-entry.ts';
import { openRegistry } from '../registry/database.ts';
import { Units } from '../registry/units.ts';
import { Availability } from './availability.ts';
import { writeAvailabilityCsv } from './availability-csv.ts';
import { type Balance, downOf } from './balance.ts';

const hour = 3_600;
const monthSeconds = 31 * 24 * hour;
const machines = [
  machine('a-server', { unit: 'DH-BL', class: 'server' }),
  machine('a-pc', { unit: 'DH-BL', class: 'pc' }),
  machine('a-late', { unit: 'DH', class: 'pc', enrolledAt: at('2026-10-12 00:00') }),
  machine('a-gone', { unit: 'DH', class: 'gateway', revokedAt: at('2026-09-30 00:00') }),
];

let folder: string;
let registry: ReturnType<typeof openRegistry>;
let units: Units;
let calendars: Calendars;
let outages: OutageLedger;
let links: LinkLedger;
let availability: Availability;
let now: number;
let entries: AuditEvent[];

const audit = {
  append(event: AuditEvent) {
    entries.push(event);
    return { seq: 0, time: 0, actor: '', source: '', action: '', subject: null, before: null, after: null, hash: '' };
  },
};

beforeEach(() => {
  entries = [];
  now = at('2026-10-01 00:00');
  folder = mkdtempSync(join(tmpdir(), 'vonggac-availability-'));
  registry = openRegistry(folder);
  units = new Units(registry);
  for (const [code, parent] of [
    ['QB', undefined],
    ['DH', 'QB'],
    ['DH-BL', 'DH'],
    ['XA', 'QB'],
  ] as const) {
    units.add({ code, name: `đơn vị ${code}`, parent }, { from: at('2026-01-01 00:00'), now });
  }
  calendars = new Calendars({ folder, settings: CalendarSection.parse({}), units, now: () => now });
  outages = new OutageLedger(folder);
  links = new LinkLedger(folder);
  availability = new Availability({
    folder,
    agents: () => machines,
    units,
    outages: {
      between: (query) => outages.spans(query),
      collectorGaps: (from, to) => outages.gaps(from, to).map((gap) => ({ from: gap.from, to: gap.to ?? now })),
    },
    links,
    planned: calendars.planned,
    zone: calendars.zone,
    now: () => now,
  });
  // A long time ahead of the first timer.
  availability.start({ audit, logger: { error: () => undefined } });
});

afterEach(() => {
  for (const part of [availability, links, outages, calendars]) part.stop();
  registry.close();
  rmSync(folder, { recursive: true });
});

function at(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}:00+07:00`);
}

function machine(
  id: string,
  what: { unit: string; class: 'server' | 'gateway' | 'pc'; enrolledAt?: number; revokedAt?: number },
) {
  return {
    id,
    hostname: `=host ${id}`,
    publicKey: id,
    platform: 'linux',
    version: '1',
    enrolledAt: at('2026-01-01 00:00'),
    lastSeen: undefined,
    revokedAt: undefined,
    keySince: 0,
    previousPublicKey: undefined,
    rotateKeyAskedAt: undefined,
    hardware: [],
    addresses: [],
    way: undefined,
    ...what,
  };
}

/** Returns its id. */
function addOutage(agent: string, verdict: Verdict, time: { from: string; to?: string }): number {
  const common = { agent, hostname: agent, unit: 'DH-BL', class: 'server', confidence: 'high', evidence: [] } as const;
  const outage = outages.open({ ...common, verdict, beganAt: at(time.from) });
  if (time.to !== undefined) outages.save({ ...outage, endedAt: at(time.to) });
  return outage.id;
}

function revise(id: number, verdict: Verdict): void {
  const outage = outages.get(id);
  if (!outage) throw new Error('no outage');
  outages.save({ ...outage, verdict, revisions: [{ at: now, from: outage.verdict, to: verdict, why: 'boot-time' }] });
}

function secondsOf(balance: Balance): number {
  const { up, planned, inconclusive, absent } = balance;
  return up + downOf(balance) + planned + inconclusive + absent;
}

async function balanceOf(
  id: string,
  question: { month?: string; from?: string; to?: string } = { month: '2026-10' },
): Promise<Balance | undefined> {
  return (await availability.report(question)).machines.find(({ subject }) => subject === id)?.balance;
}

describe('the availability of machines', () => {
  beforeEach(() => {
    now = at('2026-11-05 00:00');
  });

  it('is charged by cause, and not for nights of PCs', async () => {
    const night = { from: '2026-10-05 16:30', to: '2026-10-06 07:20' };
    addOutage('a-server', 'machine-lost', night);
    addOutage('a-pc', 'machine-shut-down', night);
    expect((await balanceOf('a-server'))?.down).toEqual({ 'machine-lost': 14 * hour + 50 * 60 });
    expect(await balanceOf('a-pc')).toMatchObject({ down: { 'machine-shut-down': 50 * 60 }, planned: 14 * hour });
  });

  it('charges a night that a morning was added to', async () => {
    addOutage('a-pc', 'planned', { from: '2026-10-05 17:00', to: '2026-10-06 12:00' });
    expect(await balanceOf('a-pc')).toMatchObject({ planned: 14 * hour, down: { unknown: 5 * hour } });
  });

  it('is not charged for maintenance, nor for what the collector could not see', async () => {
    outages.openGap('stopped', at('2026-10-10 00:00'));
    outages.endGap(at('2026-10-10 02:00'));
    calendars.windows.add(
      { unit: 'QB', from: at('2026-10-10 04:00'), to: at('2026-10-10 05:00'), reason: 'x' },
      { by: 'an', now: at('2026-10-01 00:00') },
    );
    calendars.look();
    addOutage('a-server', 'unit-link-down', { from: '2026-10-10 01:00', to: '2026-10-10 06:00' });
    addOutage('a-server', 'collector-outage', { from: '2026-10-11 01:00', to: '2026-10-11 02:00' });
    expect(await balanceOf('a-server')).toMatchObject({
      inconclusive: 3 * hour,
      planned: hour,
      down: { 'unit-link-down': 3 * hour },
    });
  });

  it('begins with enrolment, ends with retirement, and adds up', async () => {
    addOutage('a-server', 'agent-stopped', { from: '2026-09-20 00:00', to: '2026-10-02 00:00' });
    addOutage('a-server', 'machine-lost', { from: '2026-10-31 23:00' });
    const { machines: found } = await availability.report({ month: '2026-10' });
    expect(found.map(({ subject }) => subject)).toEqual(['a-server', 'a-pc', 'a-late']);
    expect(found.map(({ balance }) => secondsOf(balance))).toEqual([monthSeconds, monthSeconds, monthSeconds]);
    expect(found[0]?.balance.down).toEqual({ 'agent-stopped': 24 * hour, 'machine-lost': hour });
    expect(found[0]?.outages).toBe(1);
    expect(found[2]?.balance).toMatchObject({ absent: 11 * 24 * hour, up: 20 * 24 * hour });
  });

  it('is not known of the time before outages were recorded', async () => {
    expect(await balanceOf('a-server', { month: '2026-09' })).toMatchObject({ up: 0, inconclusive: 30 * 24 * hour });
  });

  it('is counted so far, for a month that is not over, and for days', async () => {
    addOutage('a-server', 'machine-lost', { from: '2026-11-04 23:00' });
    const report = await availability.report({ month: '2026-11' });
    expect(report).toMatchObject({ takenAt: undefined, period: { isOver: false } });
    expect(await balanceOf('a-server', { month: '2026-11' })).toEqual({
      up: 95 * hour,
      down: { 'machine-lost': hour },
      planned: 0,
      inconclusive: 0,
      absent: 0,
    });
    expect(await balanceOf('a-server', { from: '2026-11-04', to: '2026-11-04' })).toMatchObject({ up: 23 * hour });
    await expect(availability.report({ month: '2026-12' })).rejects.toThrow('2026-12 is still to come');
  });
});

describe('the availability of lines and units', () => {
  const evidence = { at: 0, what: 'x', facts: {} };

  beforeEach(() => {
    const line = { unit: 'DH-BL', link: 'tslcd' };
    const tell = (
      state: 'up' | 'down' | 'unknown' | 'degraded',
      cause: 'works' | 'line-cut' | 'no-evidence',
      text: string,
    ) => links.record(line, { state, cause, carrier: 'VNPT', at: at(text), evidence });
    tell('up', 'works', '2026-10-11 00:00');
    tell('down', 'line-cut', '2026-10-12 00:00');
    tell('degraded', 'works', '2026-10-12 06:00');
    tell('unknown', 'no-evidence', '2026-10-13 00:00');
    tell('up', 'works', '2026-10-13 01:00');
    now = at('2026-11-05 00:00');
  });

  it('is up where the line carried traffic, however poorly', async () => {
    const [line] = (await availability.report({ month: '2026-10' })).links;
    expect(line).toEqual({
      kind: 'link',
      unit: 'DH-BL',
      subject: 'tslcd',
      outages: 1,
      balance: {
        up: monthSeconds - 10 * 24 * hour - 7 * hour,
        down: { 'line-cut': 6 * hour },
        planned: 0,
        inconclusive: hour,
        absent: 10 * 24 * hour,
      },
    });
  });

  it('is of a unit with all below it, and of those that have anything', async () => {
    addOutage('a-server', 'machine-lost', { from: '2026-10-05 16:00', to: '2026-10-05 17:00' });
    const { units: found } = await availability.report({ month: '2026-10' });
    expect(found.map(({ unit, machines: { count }, links: { count: lines } }) => [unit, count, lines])).toEqual([
      ['DH', 3, 1],
      ['DH-BL', 2, 1],
      ['QB', 3, 1],
    ]);
    expect(found[2]?.machines.balance.down).toEqual({ 'machine-lost': hour });
    expect(found[2]?.classes.server).toMatchObject({ count: 1, balance: { down: { 'machine-lost': hour } } });
    expect(found[2]?.classes.pc.balance.down).toEqual({});
    const below = await availability.report({ month: '2026-10', units: new Set(['DH-BL']) });
    expect([below.units.length, below.machines.length, below.links.length]).toEqual([1, 2, 1]);
    expect(
      (await availability.report({ machine: 'a-pc', month: '2026-10' })).machines.map(({ subject }) => subject),
    ).toEqual(['a-pc']);
  });

  it('is safe to open in a spreadsheet, with the same columns whatever happened', async () => {
    const [header, ...rows] = writeAvailabilityCsv(await availability.report({ month: '2026-10' }), { separator: ',' })
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([header?.length]));
    const cellsOf = (kind: string) => rows.find(([first]) => first === kind);
    expect(cellsOf('machine')?.slice(0, 5)).toEqual(['machine', 'DH-BL', "'=host a-server", 'a-server', 'server']);
    expect(cellsOf('link')?.at(-1)).toBe(`${6 * hour}`);
    const columns = ['up', 'down', 'planned', 'inconclusive', 'absent'].map(
      (name) => header?.indexOf(`${name}_seconds`) ?? -1,
    );
    const own = rows.filter(([first]) => first !== 'unit');
    expect(own.map((row) => columns.reduce((sum, column) => sum + Number(row[column]), 0))).toEqual(
      own.map(() => monthSeconds),
    );
  });
});

describe('a month that is over', () => {
  it('is taken once, and changed only by evidence, which the audit log is told', async () => {
    const id = addOutage('a-server', 'machine-lost', { from: '2026-10-05 16:00', to: '2026-10-05 17:00' });
    now = at('2026-10-31 23:59');
    await availability.look(audit);
    expect((await availability.report({ month: '2026-10' })).takenAt).toBeUndefined();
    now = at('2026-11-01 00:01');
    await availability.look(audit);
    expect(await availability.report({ month: '2026-10' })).toMatchObject({ takenAt: now, revisions: 0 });

    now = at('2026-11-02 09:00');
    await availability.look(audit);
    expect(entries).toEqual([]);
    revise(id, 'unit-power-loss');
    expect((await balanceOf('a-server'))?.down).toEqual({ 'machine-lost': hour });
    await availability.look(audit);
    expect((await balanceOf('a-server'))?.down).toEqual({ 'unit-power-loss': hour });
    const same = { up: monthSeconds - hour, down: hour, planned: 0, inconclusive: 0 };
    expect(entries).toEqual([
      {
        at: now,
        actor: 'vonggac',
        source: 'late evidence',
        action: 'availability.revise',
        subject: '2026-10 a-server',
        before: { ...same, 'down_machine-lost': hour },
        after: { ...same, 'down_unit-power-loss': hour },
      },
    ]);
    const report = await availability.report({ month: '2026-10' });
    expect(report).toMatchObject({ takenAt: at('2026-11-01 00:01'), revisions: 1, revisedAt: now });
    expect((await availability.report({ month: '2026-10', units: new Set(['DH']) })).revisions).toBe(0);
    await availability.look(audit);
    expect(entries.length).toBe(1);
  });

  it('is closed when nothing can come any more', async () => {
    const id = addOutage('a-server', 'machine-lost', { from: '2026-10-05 16:00', to: '2026-10-05 17:00' });
    now = at('2026-11-01 00:01');
    await availability.look(audit);
    revise(id, 'unit-power-loss');
    now = at('2027-01-20 00:00');
    await availability.look(audit);
    expect((await balanceOf('a-server'))?.down).toEqual({ 'machine-lost': hour });
    expect((await availability.report({ month: '2026-12' })).takenAt).toBe(now);
  });

  it('is told in few entries when very much has changed', async () => {
    const many = Array.from({ length: 250 }, (_, index) => machine(`b-${index}`, { unit: 'XA', class: 'server' }));
    machines.push(...many);
    now = at('2026-11-01 00:01');
    await availability.look(audit);
    outages.together(() => {
      for (const { id } of many) addOutage(id, 'machine-lost', { from: '2026-10-05 16:00', to: '2026-10-05 17:00' });
    });
    await availability.look(audit);
    machines.length = 4;
    expect(entries.length).toBe(201);
    expect(entries.at(-1)).toMatchObject({ subject: '2026-10', after: { further_changes: 50 } });
  });
});
