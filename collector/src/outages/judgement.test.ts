import { expect, test } from 'vitest';
import { judgeOutage, type OutageSignals, type ReturnSignals, type UnitSignals } from './judgement.ts';

const beganAt = 1_000_000;
const alone: UnitSignals = { heard: 0, gatewaysHeard: 0, lostTogether: 0, booted: 0, lived: 0 };
const amidst: UnitSignals = { ...alone, heard: 4, gatewaysHeard: 1 };
const cutLan: UnitSignals = { ...alone, heard: 1, gatewaysHeard: 1, lostTogether: 3 };
const dark: UnitSignals = { ...alone, lostTogether: 3 };
const deadTslcd = [{ link: 'tslcd-1', kind: 'tslcd', answers: false }] as const;
const deadInternet = [{ link: 'net', kind: 'internet', answers: false }] as const;
const living = [{ link: 'tslcd-1', kind: 'tslcd', answers: true }] as const;

const lived: ReturnSignals = {
  at: beganAt + 300_000,
  startedAt: beganAt - 3_600_000,
  bootedAt: beganAt - 7_200_000,
  readings: 0,
  lan: 'unknown',
  isSettled: false,
};
const restarted: ReturnSignals = { ...lived, startedAt: beganAt + 60_000 };
const rebooted: ReturnSignals = { ...restarted, bootedAt: beganAt + 30_000 };
const settled: ReturnSignals = { ...lived, isSettled: true };

function judge(signals: Partial<OutageSignals>): string {
  const { verdict, confidence } = judgeOutage({
    class: 'server',
    beganAt,
    departure: 'silent',
    planned: undefined,
    isCollectorCutOff: false,
    neighbours: 'unknown',
    unit: alone,
    edges: [],
    battery: undefined,
    returned: undefined,
    ...signals,
  });
  return `${verdict} ${confidence}`;
}

test.each<[string, Partial<OutageSignals>, string]>([
  ['a service that was stopped', { departure: 'stop', unit: amidst }, 'agent-stopped high'],
  ['an update', { departure: 'update', unit: amidst }, 'agent-stopped high'],
  ['a system that shuts down', { departure: 'shutdown', unit: amidst }, 'machine-shut-down high'],
  ['a process that was killed', { departure: 'closed', unit: amidst }, 'agent-stopped medium'],
  ['and whose machine answers', { departure: 'closed', neighbours: 'answers' }, 'agent-stopped high'],
  ['and whose machine does not', { departure: 'closed', neighbours: 'silent' }, 'machine-shut-down medium'],
  ['a machine that hangs', { neighbours: 'answers', unit: amidst }, 'agent-stopped medium'],
  ['a machine without power', { neighbours: 'silent', unit: amidst }, 'machine-lost high'],
  ['a machine that nobody can look for', { unit: amidst }, 'machine-lost medium'],
  ['all machines but the gateway', { unit: cutLan }, 'lan-isolated medium'],
  ['which the gateway cannot see either', { unit: cutLan, neighbours: 'silent' }, 'lan-isolated high'],
  ['the one machine beside a gateway', { unit: { ...cutLan, lostTogether: 0 } }, 'machine-lost medium'],
  ['a whole unit, its line dead', { unit: dark, edges: deadTslcd }, 'unit-link-down low'],
  ['a whole unit, its Internet dead', { unit: dark, edges: deadInternet }, 'internet-down low'],
  ['and another line alive', { unit: dark, edges: [...deadInternet, ...living] }, 'internet-down medium'],
  ['a whole unit, its line alive', { unit: dark, edges: living }, 'lan-isolated medium'],
  ['a whole unit, nobody knows', { unit: dark }, 'unit-link-down low'],
  ['the only machine of a unit', {}, 'unknown low'],
  ['the only machine, the line dead', { edges: deadTslcd }, 'unit-link-down low'],
  ['the only machine, the line alive', { edges: living }, 'machine-lost medium'],
  ['several that close at once hung on something', { departure: 'closed', unit: dark }, 'unit-link-down low'],
  ['one that the collector has not seen leaving', { departure: undefined, unit: amidst }, 'machine-lost medium'],
  ['silence while the collector is cut off', { isCollectorCutOff: true, unit: dark }, 'collector-outage high'],
  [
    'a goodbye just before it was cut off',
    { isCollectorCutOff: true, departure: 'shutdown' },
    'machine-shut-down high',
  ],
])('while it lasts: %s', (_, signals, expected) => {
  expect(judge(signals)).toBe(expected);
});

test.each<[string, Partial<OutageSignals>, string]>([
  ['booted, alone', { unit: amidst, returned: rebooted }, 'machine-lost high'],
  ['booted after a goodbye', { departure: 'stop', returned: rebooted }, 'machine-shut-down high'],
  ['booted after it closed its connection', { departure: 'closed', returned: rebooted }, 'machine-shut-down medium'],
  ['booted, the first of several', { unit: dark, edges: deadTslcd, returned: rebooted }, 'unit-power-loss medium'],
  ['booted like others', { unit: { ...dark, booted: 2 }, returned: rebooted }, 'unit-power-loss high'],
  ['booted while others lived', { unit: { ...dark, lived: 3 }, returned: rebooted }, 'machine-lost medium'],
  ['a new process', { departure: 'closed', unit: amidst, returned: restarted }, 'agent-stopped high'],
  ['a new process after silence', { unit: amidst, returned: restarted }, 'agent-stopped high'],
  [
    'a new process after a shutdown that kept the boot time',
    { departure: 'shutdown', returned: restarted },
    'machine-shut-down medium',
  ],
  ['lived with all the others', { unit: dark, edges: deadTslcd, returned: lived }, 'unit-link-down medium'],
  [
    'lived and reached its router',
    { unit: dark, edges: deadTslcd, returned: { ...lived, readings: 9, lan: 'reached' } },
    'unit-link-down high',
  ],
  [
    'over the Internet',
    { unit: dark, edges: deadInternet, returned: { ...lived, readings: 9, lan: 'reached' } },
    'internet-down high',
  ],
  [
    'lived and did not reach its router',
    { unit: cutLan, returned: { ...lived, readings: 9, lan: 'silent' } },
    'lan-isolated high',
  ],
  [
    'lived on its own battery through a power cut',
    { unit: { ...dark, booted: 2 }, returned: { ...lived, lan: 'silent' } },
    'unit-power-loss high',
  ],
  ['lived alone, and nothing more is known yet', { unit: amidst, returned: lived }, 'machine-lost medium'],
  ['lived alone and measured', { unit: amidst, returned: { ...settled, readings: 5 } }, 'lan-isolated low'],
  ['lived alone and measured nothing', { unit: amidst, returned: settled }, 'agent-stopped medium'],
  ['a PC that slept', { class: 'pc', unit: amidst, returned: settled }, 'machine-shut-down low'],
  ['lived while the collector was cut off', { isCollectorCutOff: true, returned: settled }, 'collector-outage high'],
  [
    'booted while it was cut off',
    { isCollectorCutOff: true, unit: dark, returned: rebooted },
    'unit-power-loss medium',
  ],
])('when it is back: %s', (_, signals, expected) => {
  expect(judge(signals)).toBe(expected);
});

test.each<[string, Partial<OutageSignals>, string]>([
  ['a whole unit, its line dead', { battery: 'ups', unit: dark, edges: deadTslcd }, 'unit-power-loss medium'],
  ['by the word of a laptop', { battery: 'battery', unit: dark, edges: deadTslcd }, 'unit-power-loss medium'],
  ['which no gateway sees', { battery: 'ups', unit: cutLan, neighbours: 'silent' }, 'unit-power-loss high'],
  ['a laptop that was unplugged and taken away', { battery: 'battery', unit: amidst }, 'machine-lost medium'],
  ['one machine beside the UPS', { battery: 'ups', unit: amidst }, 'unit-power-loss medium'],
  ['a machine that still answers', { battery: 'ups', neighbours: 'answers', unit: amidst }, 'agent-stopped medium'],
  ['a system that shut down in order', { battery: 'ups', departure: 'shutdown' }, 'machine-shut-down high'],
  ['a process that was killed', { battery: 'ups', departure: 'closed', unit: amidst }, 'agent-stopped medium'],
  ['the collector cut off', { battery: 'ups', isCollectorCutOff: true, unit: dark }, 'collector-outage high'],
  ['back, booted with others', { battery: 'battery', unit: dark, returned: rebooted }, 'unit-power-loss high'],
  ['back, booted alone', { battery: 'ups', unit: amidst, returned: rebooted }, 'unit-power-loss high'],
  [
    'back, shut down by hand meanwhile',
    { battery: 'ups', departure: 'closed', unit: amidst, returned: rebooted },
    'machine-shut-down medium',
  ],
  [
    'back, having lived while its switch had no power',
    { battery: 'ups', unit: cutLan, returned: { ...lived, readings: 9, lan: 'silent' } },
    'unit-power-loss high',
  ],
  [
    'back, having lived while the line had none',
    { battery: 'ups', edges: deadTslcd, returned: { ...lived, readings: 9, lan: 'reached' } },
    'unit-power-loss medium',
  ],
])('on battery: %s', (_, signals, expected) => {
  expect(judge(signals)).toBe(expected);
});

test('others that are back tell of one that is still away', () => {
  expect(judge({ unit: { ...dark, booted: 1 }, edges: deadTslcd })).toBe('unit-power-loss medium');
  expect(judge({ unit: { ...dark, booted: 2 }, edges: deadTslcd })).toBe('unit-power-loss high');
  expect(judge({ unit: { ...dark, booted: 1, lived: 2 }, edges: deadTslcd })).toBe('unit-link-down low');
});

test('what is planned is planned, whatever else is seen', () => {
  for (const signals of [{}, { departure: 'closed' }, { unit: dark, returned: rebooted }] as const) {
    expect(judge({ ...signals, planned: { reason: 'maintenance' } })).toBe('planned high');
  }
});
