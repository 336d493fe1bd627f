import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Point, point } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sighting } from '../incidents/incident.ts';
import type { LiveAgent } from '../live/live-state.ts';
import { edgeTargetId } from './edge-targets.ts';
import { LateEvidence } from './late-evidence.ts';
import { LinkDays } from './link-days.ts';
import { LinkLedger } from './link-ledger.ts';
import { LinkWatch } from './link-watch.ts';
import { ConnectivitySection } from './settings.ts';
import { TargetResults } from './target-results.ts';
import { liveAgent } from './testing/live-agents.ts';
import { UnitIndex } from './unit-index.ts';

const start = Date.UTC(2026, 10, 23, 1);
const tslcd = { unit: 'DH', link: 'tslcd' };
const inet = { unit: 'DH', link: 'inet' };

let folder: string;
let ledger: LinkLedger;
let days: LinkDays;
let edges: TargetResults;
let watch: LinkWatch;
let late: LateEvidence;
let now: number;
let agents: LiveAgent[];
let incidents: string[];
/** Subjects of which an incident tells. */
let open: Set<string>;
let emitted: Point[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-link-watch-'));
  ledger = new LinkLedger(folder);
  days = new LinkDays(ledger.database);
  edges = new TargetResults();
  now = start;
  agents = [liveAgent('a-gw', { class: 'gateway' }), liveAgent('a-1')];
  incidents = [];
  open = new Set();
  emitted = [];
  watch = new LinkWatch({
    settings: ConnectivitySection.parse({}),
    ledger,
    days,
    edges,
    agentsOf: () => agents,
    incidents: {
      report: ({ kind, subject }: Sighting) => incidents.push(`open ${kind} ${subject}`) as never,
      resolve: (kind, subject) => incidents.push(`close ${kind} ${subject}`) > 0,
      fold: () => true,
      openOf: (_, subject) => (open.has(subject) ? ({ id: 1 } as never) : undefined),
    },
    emit: (_, points) => emitted.push(...points),
    collector: 'collector',
  });
  late = new LateEvidence({ ledger, linksOf: (unit) => watch.linksOf(unit) });
  watch.start(now);
  follow(['tslcd', 'inet']);
});
afterEach(() => {
  ledger.stop();
  rmSync(folder, { recursive: true });
});

function follow(links: readonly string[], carrier = 'VNPT'): void {
  const record = links.map((id) => ({ id, kind: id === 'inet' ? ('internet' as const) : ('tslcd' as const), carrier }));
  watch.follow(new UnitIndex([{ code: 'DH', parent: undefined, links: record }]), now);
}

/** What the collector's own check of an edge says; nothing about it is repeated by itself. */
function edge(
  key: typeof tslcd,
  fields: { up: boolean; rtt_ms?: number; loss_percent?: number; error?: string },
): void {
  const tags = { target: edgeTargetId(key), kind: 'icmp', scope: 'edge' };
  edges.take('collector', [point('connectivity', { time: now, tags, fields: { checks: 2, ...fields } })]);
}

function gateway(
  key: typeof tslcd,
  fields: {
    up: boolean;
    active: boolean;
    session?: boolean;
    error?: string;
    loss_percent?: number;
    rtt_ms?: number | undefined;
  },
): void {
  const full = { interface: 'eth0', rtt_ms: fields.up ? 9 : undefined, ...fields };
  watch.take('a-gw', [point('link', { time: now, tags: { link: key.link }, fields: full })]);
}

/** Seconds go by; whatever is said is said once a minute. */
function pass(seconds: number, say: () => void = () => undefined): void {
  for (let second = 0; second < seconds; second += 1) {
    now += 1_000;
    if (second % 60 === 0) say();
    watch.tick(now);
  }
}

function silence(): void {
  agents = agents.map((agent) => ({ ...agent, state: 'offline', lastSeen: now }));
}

function told(key = tslcd): string[] {
  const all = ledger.intervals({ ...key, from: 0, to: Number.MAX_SAFE_INTEGER, limit: 100 });
  return all.map(({ from, to, state, cause }) => {
    const end = to === undefined ? '' : (to - start) / 1_000;
    return `${(from - start) / 1_000}-${end} ${state} ${cause}`;
  });
}

const allWell = () => {
  for (const key of [tslcd, inet]) {
    edge(key, { up: true, rtt_ms: 8, loss_percent: 0 });
    gateway(key, { up: true, active: key === inet, loss_percent: 0 });
  }
};

test('a cut that both ends see, and the way back', () => {
  pass(120, allWell);
  edge(tslcd, { up: false, error: 'timeout' });
  pass(10);
  gateway(tslcd, { up: false, active: false, error: 'timeout' });
  pass(60);
  expect(told()).toEqual(['0-1 unknown no-evidence', '1-130 up works', '130- down line-cut']);
  expect(watch.isCutOff('DH')).toBe(false);
  pass(90, allWell);
  expect(told().slice(2)).toEqual(['130-191 down line-cut', '191- up works']);
  expect(incidents.filter((each) => each.includes('tslcd'))).toEqual([
    'close link-down DH/tslcd',
    'close link-degraded DH/tslcd',
    'close link-degraded DH/tslcd',
    'open link-down DH/tslcd',
    'close link-down DH/tslcd',
    'close link-degraded DH/tslcd',
  ]);
  expect(told(inet)).toEqual(['0-1 unknown no-evidence', '1- up works']);
});

test('nobody is heard any more; later the gateway tells that it lived and that the line was dead', () => {
  pass(120, allWell);
  const cut = now;
  edge(tslcd, { up: false, error: 'timeout' });
  edge(inet, { up: false, error: 'timeout' });
  silence();
  pass(200, () => {
    for (const key of [tslcd, inet]) edge(key, { up: false, error: 'timeout' });
  });
  expect(told().at(-1)).toBe('120- down both-ends-silent');
  expect(watch.isCutOff('DH')).toBe(true);
  expect(incidents.filter((each) => each.startsWith('open'))).toEqual(['open link-down DH', 'open link-down DH']);
  const kept = point('link', { time: cut + 20_000, tags: { link: 'tslcd' }, fields: { up: false, error: 'timeout' } });
  for (let n = 0; n < 3; n += 1) late.take({ agent: 'a-gw', unit: 'DH', isGateway: true }, [kept], now);
  expect(told().at(-1)).toBe('120- down line-cut');
  expect(ledger.last(tslcd)).toMatchObject({ revision: 'down, both-ends-silent before: the gateway lived' });
  expect(ledger.last(tslcd)?.evidence).toHaveLength(2);
  expect(told(inet).at(-1)).toBe('120- down both-ends-silent');
});

test('a next hop that never answered a ping does not keep a cut line up', () => {
  // The collector is reached by a route of its own: the default one goes over the line that is cut.
  const say = (isCut: boolean) => {
    edge(tslcd, { up: true, rtt_ms: 8 });
    edge(inet, isCut ? { up: false, error: 'timeout' } : { up: true, rtt_ms: 8 });
    gateway(tslcd, { up: true, active: false, session: true, rtt_ms: undefined });
    gateway(inet, { up: true, active: true, session: false, rtt_ms: undefined });
  };
  pass(120, () => say(false));
  expect(told(inet).at(-1)).toBe('1- up works');
  pass(40, () => say(true));
  expect(told(inet).at(-1)).toBe('121- down edge-silent');
  expect(told().at(-1)).toBe('1- up works');
});

test('the edge of the line that carries the session may be mute', () => {
  const say = () => {
    edge(tslcd, { up: false, error: 'timeout' });
    gateway(tslcd, { up: true, active: false, session: true });
    gateway(inet, { up: true, active: true, session: false });
  };
  pass(120, say);
  expect(told().at(-1)).toBe('1- up works');
  expect(watch.now(tslcd)?.judgement).toEqual({ state: 'up', cause: 'edge-mute' });
});

test('machines that are off as planned are no evidence', () => {
  follow(['tslcd']);
  pass(120, () => edge(tslcd, { up: true }));
  agents = agents.map((agent) => ({ ...agent, state: 'planned' }));
  pass(60, () => edge(tslcd, { up: false, error: 'timeout' }));
  expect(told().at(-1)).toMatch(/down edge-silent$/);
});

test('machines are back before the edge was asked again', () => {
  follow(['tslcd']);
  pass(120, () => edge(tslcd, { up: true }));
  const present = agents;
  silence();
  pass(60, () => edge(tslcd, { up: false, error: 'timeout' }));
  expect(told().at(-1)).toMatch(/down both-ends-silent$/);
  agents = present;
  pass(30);
  expect(told().at(-1)).toMatch(/up edge-mute$/);
  pass(60, () => edge(tslcd, { up: true }));
  expect(told().at(-1)).toMatch(/up works$/);
});

test.each([
  ['machines of the LAN reached their router', { what: 'lan', up: true, at: 20, cause: 'line-cut' }],
  ['they did not', { what: 'lan', up: false, at: 20, cause: 'router-silent' }],
  ['the gateway reached the next router', { what: 'link', up: true, at: 20, cause: 'beyond-next-hop' }],
  // The line may have been back before anybody asked.
  ['the same just before the end', { what: 'link', up: true, at: 190, cause: 'both-ends-silent' }],
])('kept back: %s', (_, { what, up, at, cause }) => {
  pass(120, allWell);
  const cut = now;
  silence();
  pass(200, () => edge(tslcd, { up: false, error: 'timeout' }));
  const time = cut + at * 1_000;
  const lan = point('connectivity', { time, tags: { target: 'gateway', kind: 'icmp', scope: 'lan' }, fields: { up } });
  const ofLine = point('link', { time, tags: { link: 'tslcd' }, fields: { up } });
  late.take({ agent: 'a-1', unit: 'DH', isGateway: what === 'link' }, [what === 'lan' ? lan : ofLine], now);
  expect(ledger.last(tslcd)?.cause).toBe(cause);
});

test('a gateway that starts within an outage was off', () => {
  pass(120, allWell);
  silence();
  const dark = () => edge(tslcd, { up: false, error: 'timeout' });
  pass(120, dark);
  const boot = point('system', { time: now, tags: {}, fields: { boot_time_seconds: now / 1_000 - 20 } });
  late.take({ agent: 'a-gw', unit: 'DH', isGateway: true }, [boot], now);
  expect(told().at(-1)).toMatch(/down unit-off$/);
});

test('without a check from outside nothing is called down; what comes late tells what it was', () => {
  follow(['tslcd']);
  pass(120);
  expect(told()).toEqual(['0-1 unknown no-evidence', '1- up works']);
});

test('poor: lossy for two minutes, with an incident of its own', () => {
  pass(120, allWell);
  incidents = [];
  pass(180, () => edge(tslcd, { up: true, rtt_ms: 8, loss_percent: 30 }));
  expect(told().at(-1)).toBe('121- degraded loss');
  expect(incidents).toContain('open link-degraded DH/tslcd');
  pass(60, allWell);
  expect(told().at(-1)).toMatch(/ up works$/);
});

test('a collector that was held up knows nothing of the time between', () => {
  pass(120, allWell);
  now += 600_000;
  pass(60, allWell);
  expect(told().slice(1)).toEqual(['1-120 up works', '120-721 unknown collector-outage', '721- up works']);
});

test('a line that is taken from the record ends, with its incidents; another carrier begins anew', () => {
  pass(120, allWell);
  follow(['tslcd'], 'Viettel');
  pass(60, allWell);
  const carriers = ledger
    .intervals({ ...tslcd, from: 0, to: now, limit: 9 })
    .map(({ carrier, state }) => [carrier, state]);
  expect(carriers.slice(1)).toEqual([
    ['VNPT', 'up'],
    ['Viettel', 'up'],
  ]);
  expect(ledger.last(inet)?.to).toBe(start + 120_000);
});

test('readings go into the sums of the day once, the state once a minute', () => {
  pass(300, allWell);
  watch.stop(now);
  const [day] = days.ofMonth('2026-11').filter(({ link }) => link === 'tslcd');
  expect(day).toMatchObject({ day: '2026-11-23', readings: 5, lossSum: 0 });
  const states = emitted.filter(({ tags }) => tags.link === 'tslcd').map(({ fields }) => fields.state);
  expect(states).toEqual([-1, 2, 2, 2, 2, 2]);
});

/** What the series of a line says now: its state, whether someone is to be told, and of what. */
function series({ link } = tslcd): unknown[] {
  const {
    state,
    alertable,
    alert,
    loss_percent: loss,
  } = emitted.findLast(({ tags }) => tags.link === link)?.fields ?? {};
  return loss === undefined ? [state, alertable, alert] : [state, alertable, alert, loss];
}

function cutOff(...keys: (typeof tslcd)[]): void {
  for (const key of keys) edge(key, { up: false, error: 'timeout', loss_percent: 100 });
  pass(10);
  for (const key of keys) gateway(key, { up: false, active: false, error: 'timeout' });
  pass(60);
}

test('the series says whether the line itself is to be told of, as soon as its incident does', () => {
  pass(120, allWell);
  expect(series()).toEqual([2, 0, 0, 0]);
  cutOff(tslcd);
  expect(series()).toEqual([0, 0, 0]);
  open.add('DH/tslcd');
  pass(1);
  expect(series()).toEqual([0, 1, 1]);
  // Its unit's outage tells of it from now on.
  open.clear();
  pass(1);
  expect(series()).toEqual([0, 0, 0]);
});

test('of lines that are dead together one stands for all', () => {
  pass(120, allWell);
  cutOff(tslcd, inet);
  open.add('DH');
  pass(1);
  expect([series(tslcd), series(inet)]).toEqual([
    [0, 1, 1],
    [0, 0, 0],
  ]);
});

test('the Internet is away while the other line works', () => {
  pass(120, allWell);
  cutOff(inet);
  open.add('DH/inet');
  pass(1);
  expect([series(tslcd)[2], series(inet)]).toEqual([0, [0, 1, 3]]);
  cutOff(tslcd);
  expect(series(inet)).toEqual([0, 1, 1]);
});
