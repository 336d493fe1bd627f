import { point } from '@vonggac/shared';
import { beforeEach, describe, expect, test } from 'vitest';
import { agentRecord } from '../connectivity/testing/live-agents.ts';
import { SmallProvince } from './testing/small-province.ts';

const minuteMs = 60_000;

let province: SmallProvince;

beforeEach(() => {
  province = new SmallProvince({
    gate: ['XA-A', 'gateway'],
    server: ['XA-A', 'server'],
    pc1: ['XA-A', 'pc'],
    pc2: ['XA-A', 'pc'],
    other: ['XA-B', 'server'],
  });
});

function openIncidents(): string[] {
  return province.incidents.open().map(({ kind, subject, count }) => `${kind} ${subject} ${count}`);
}

function told(agent: string): string[] {
  return province.ledger.of(agent).flatMap(({ evidence }) => evidence.map(({ what }) => what));
}

describe('one machine', () => {
  test('that was killed is away at once, told of after a moment, and over when it is back', () => {
    const killedAt = province.now;
    province.leave('server', 'closed');
    province.pass(1_000);
    expect(province.ledger.of('server')).toMatchObject([
      { unit: 'XA-A', hostname: 'server', verdict: 'agent-stopped', beganAt: killedAt, endedAt: undefined },
    ]);
    expect(openIncidents()).toEqual([]);
    province.pass(10_000);
    expect(openIncidents()).toEqual(['agent-stopped server 1']);
    province.arrive('server', { startedAt: province.now });
    const backAt = province.now;
    province.pass(2_000);
    expect(province.ledger.of('server')).toMatchObject([
      { verdict: 'agent-stopped', confidence: 'high', endedAt: backAt, incident: 1 },
    ]);
    expect(openIncidents()).toEqual([]);
    expect(told('server')).toEqual(['connection-closed', 'others-heard', 'agent-started']);
  });

  test('that only started anew is an outage, and no incident', () => {
    province.leave('server', 'stop');
    province.pass(3_000);
    province.arrive('server', { startedAt: province.now });
    province.pass(minuteMs);
    expect(province.ledger.rows).toHaveLength(1);
    expect(province.incidents.all).toEqual([]);
  });

  test('that its neighbours cannot see is lost; its boot confirms it', () => {
    province.cut('server');
    province.pass(minuteMs);
    expect(province.verdict('server')).toBe('machine-lost medium');
    province.neighbours.set('server', { gateway: 'gate', answers: false });
    province.pass(minuteMs);
    expect(province.verdict('server')).toBe('machine-lost high');
    expect(openIncidents()).toEqual(['machine-offline server 1']);
    expect(told('server')).toEqual(['silence', 'others-heard', 'neighbour-silent']);
  });

  test('that is a PC makes no incident', () => {
    province.cut('pc1');
    province.leave('pc2', 'closed');
    province.pass(5 * minuteMs);
    expect(province.ledger.rows.map(({ agent }) => agent)).toEqual(['pc2', 'pc1']);
    expect(province.incidents.all).toEqual([]);
  });

  test('that was never heard has no outage', () => {
    province.live.put(agentRecord('never'));
    province.pass(5 * minuteMs);
    expect(province.live.get('never')?.state).toBe('offline');
    expect(province.ledger.rows).toEqual([]);
  });

  test('that is off as planned is no incident until the plan is over', () => {
    province.planned.set('server', { reason: 'maintenance', note: 'thay RAM' });
    province.leave('server', 'shutdown');
    province.pass(5 * minuteMs);
    expect(province.verdict('server')).toBe('planned high');
    expect(province.incidents.all).toEqual([]);
    province.planned.clear();
    province.pass(minuteMs);
    expect(province.ledger.rows).toMatchObject([
      { verdict: 'machine-shut-down', revisions: [{ from: 'planned', to: 'machine-shut-down', why: 'goodbye' }] },
    ]);
    expect(openIncidents()).toEqual(['machine-offline server 1']);
  });

  test('that flaps is one outage and one incident', () => {
    for (let time = 0; time < 30; time += 1) {
      province.leave('server', 'closed');
      province.pass(5_000);
      province.arrive('server', { startedAt: province.now });
      province.pass(5_000);
    }
    expect(province.ledger.rows.length).toBeLessThanOrEqual(6);
    province.pass(2 * minuteMs);
    expect(province.live.get('server')?.state).toBe('online');
    expect(openIncidents()).toEqual([]);
  });
});

describe('a whole unit', () => {
  const all = ['gate', 'server', 'pc1', 'pc2'];

  beforeEach(() => {
    province.lines.set('XA-A', [{ link: 'tslcd-1', kind: 'tslcd', edgeAnswers: true }]);
  });

  function goDark(): void {
    province.cut(...all);
    province.lines.set('XA-A', [{ link: 'tslcd-1', kind: 'tslcd', edgeAnswers: false }]);
    province.pass(2 * minuteMs);
  }

  test('without power is one incident with its members; the boot times revise the verdict', () => {
    goDark();
    expect(new Set(all.map((id) => province.verdict(id)))).toEqual(new Set(['unit-link-down low']));
    expect(openIncidents()).toEqual(['unit-unreachable XA-A 4']);
    const powerAt = province.now;
    province.lines.set('XA-A', [{ link: 'tslcd-1', kind: 'tslcd', edgeAnswers: true }]);
    for (const id of all) province.arrive(id, { bootedAt: powerAt });
    province.pass(5_000);
    expect(new Set(all.map((id) => province.verdict(id)))).toEqual(new Set(['unit-power-loss high']));
    expect(province.ledger.of('pc1')[0]?.revisions).toMatchObject([
      { from: 'unit-link-down', to: 'unit-power-loss', why: 'several-machines-started' },
    ]);
    expect(openIncidents()).toEqual([]);
    expect(province.incidents.all).toHaveLength(1);
    expect(province.incidents.all[0]?.evidence.map(({ what }) => what)).toContain('unit-power-loss');
  });

  test('whose line was cut is told by what its machines measured meanwhile', () => {
    const cutAt = province.now;
    goDark();
    province.lines.set('XA-A', [{ link: 'tslcd-1', kind: 'tslcd', edgeAnswers: true }]);
    for (const id of all) province.arrive(id);
    province.pass(5_000);
    expect(province.verdict('pc1')).toBe('unit-link-down medium');
    const tags = { target: 'gateway', kind: 'icmp', scope: 'lan' };
    province.watch.take('pc1', [point('connectivity', { time: cutAt + minuteMs, tags, fields: { up: true } })]);
    province.pass(5_000);
    expect(province.verdict('pc1')).toBe('unit-link-down high');
    expect(told('pc1')).toContain('router-was-reached');
    expect(province.ledger.of('pc1')[0]?.revisions).toEqual([]);
  });

  test('is told by readings that come in the very moment in which it is back', () => {
    const cutAt = province.now;
    goDark();
    for (const id of all) province.arrive(id);
    const tags = { target: 'gateway', kind: 'icmp', scope: 'lan' };
    province.watch.take('pc2', [point('connectivity', { time: cutAt + minuteMs, tags, fields: { up: true } })]);
    province.pass(5_000);
    expect(province.verdict('pc2')).toBe('unit-link-down high');
  });

  function tellPower(id: string, at: number, isOnBattery: boolean, kind: 'battery' | 'ups' = 'ups'): void {
    const tags = { ups: 'x', kind };
    province.watch.take(id, [point('ups', { time: at, tags, fields: { on_battery: isOnBattery } })]);
  }

  test('whose UPS said so shortly before is without power, and not its carrier to blame', () => {
    tellPower('server', province.now - 30_000, false);
    tellPower('server', province.now, true);
    goDark();
    expect(new Set(all.map((id) => province.verdict(id)))).toEqual(new Set(['unit-power-loss medium']));
    expect(openIncidents()).toEqual(['unit-unreachable XA-A 4']);
    expect(province.ledger.of('pc1')[0]?.evidence).toContainEqual({
      at: expect.any(Number),
      what: 'on-battery',
      facts: { source: 'ups', machine: 'server', since: expect.any(String) },
    });
    province.restart();
    province.pass(minuteMs);
    expect(province.verdict('pc1')).toBe('unit-power-loss medium');
  });

  test('is found to have been without power by what a laptop kept back; the revision is recorded', () => {
    const cutAt = province.now;
    tellPower('pc2', cutAt - 30_000, false, 'battery');
    goDark();
    expect(province.verdict('pc2')).toBe('unit-link-down low');
    for (const id of all) province.arrive(id);
    province.pass(5_000);
    expect(province.verdict('pc1')).toBe('unit-link-down medium');
    for (const minutes of [2, 1, 0.5]) tellPower('pc2', cutAt + minutes * minuteMs, true, 'battery');
    province.pass(5_000);
    expect(province.verdict('pc1')).toBe('unit-power-loss medium');
    expect(province.ledger.of('pc1')[0]?.revisions).toMatchObject([
      { from: 'unit-link-down', to: 'unit-power-loss', why: 'on-battery' },
    ]);
    expect(province.incidents.all[0]?.evidence.map(({ what }) => what)).toContain('unit-power-loss');
  });

  test('whose laptop was unplugged long before is not without power by that', () => {
    tellPower('pc2', province.now - 60 * minuteMs, false, 'battery');
    tellPower('pc2', province.now - 59 * minuteMs, true, 'battery');
    tellPower('pc2', province.now, true, 'battery');
    goDark();
    expect(province.verdict('pc1')).toBe('unit-link-down low');
  });

  test('but its gateway: the LAN', () => {
    province.cut('server', 'pc1', 'pc2');
    province.pass(2 * minuteMs);
    expect(province.verdict('pc2')).toBe('lan-isolated medium');
    expect(openIncidents()).toEqual(['unit-unreachable XA-A 3']);
  });

  test('takes the incident of its dead line along, and gives it back when only the line stays dead', () => {
    const evidence = { at: province.now, what: 'edge-silent', facts: {} };
    const line = { kind: 'link-down', severity: 'critical', subject: 'XA-A/tslcd-1', unit: 'XA-A', evidence } as const;
    province.incidents.report(line);
    goDark();
    expect(openIncidents()).toEqual(['unit-unreachable XA-A 4']);
    for (const id of all) province.arrive(id);
    province.pass(5_000);
    expect(openIncidents()).toEqual(['link-down XA-A/tslcd-1 1']);
  });

  test('goes on as one incident when the collector starts anew', () => {
    goDark();
    province.restart();
    province.pass(minuteMs);
    expect(openIncidents()).toEqual(['unit-unreachable XA-A 4']);
    expect(province.ledger.rows).toHaveLength(4);
    province.lines.set('XA-A', []);
    for (const id of all) province.arrive(id, { bootedAt: province.now });
    province.pass(5_000);
    expect(province.verdict('gate')).toBe('unit-power-loss high');
    expect(openIncidents()).toEqual([]);
  });

  test('an incident that a person has closed is not opened again for the same outage', () => {
    goDark();
    const [incident] = province.incidents.open();
    if (incident) province.incidents.fold(incident.id, { at: province.now, note: 'đã biết' });
    province.pass(5 * minuteMs);
    expect(openIncidents()).toEqual([]);
  });
});

describe("silences that were laid to the collector's line, and were not its fault", () => {
  const ids = ['gate', 'server', 'pc1', 'pc2'];

  test('are recorded with their own causes, and nobody is alarmed by what is over', () => {
    const beganAt = province.now;
    province.cut(...ids);
    province.pass(30_000);
    province.live.doubt(beganAt - 20_000);
    province.pass(5 * minuteMs);
    expect(province.ledger.rows).toEqual([]);
    const bootedAt = province.now;
    for (const id of ids) province.arrive(id, { bootedAt });
    province.live.trust();
    const endedAt = province.now;
    province.pass(5 * minuteMs);
    province.lines.set('XA-A', [{ link: 'tslcd-1', kind: 'tslcd', edgeAnswers: true }]);
    const silences = ids.map((agent) => ({ agent, beganAt, endedAt }));
    province.watch.recover(silences, province.now);
    province.watch.recover(silences, province.now);
    province.pass(5_000);
    expect(province.ledger.rows).toHaveLength(4);
    for (const id of ids) {
      expect(province.ledger.of(id)).toMatchObject([{ beganAt, endedAt, verdict: 'unit-power-loss' }]);
      expect(told(id)).not.toContain('edge-answers');
    }
    expect(province.incidents.all).toEqual([]);
  });

  test('that are outages already are judged again', () => {
    const beganAt = province.now;
    province.cut('server');
    province.pass(2 * minuteMs);
    province.live.doubt(beganAt - 20_000);
    province.pass(5_000);
    expect(province.verdict('server')).toBe('collector-outage high');
    province.arrive('server');
    province.live.trust();
    province.pass(2 * minuteMs);
    expect(province.verdict('server')).toBe('collector-outage high');
    province.watch.recover([{ agent: 'server', beganAt, endedAt: province.now }], province.now);
    province.pass(1_000);
    expect(province.ledger.of('server')).toHaveLength(1);
    expect(province.verdict('server')).not.toContain('collector-outage');
  });
});
