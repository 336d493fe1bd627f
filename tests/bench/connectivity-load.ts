/**
 * What a province costs the collector's judging of connectivity: `npm run bench:connectivity-load -- [--json]`. 10,000
 * agents in 180 units, each unit with a gateway and two lines, each agent with six targets that it reports once a minute,
 * twelve shared services. The clock is simulated; the stores of series and the checks of edges are left out. Processor
 * time is that of the whole process.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { Connectivity } from '../../collector/src/connectivity/connectivity.ts';
import { ConnectivitySection } from '../../collector/src/connectivity/settings.ts';
import { agentRecord } from '../../collector/src/connectivity/testing/live-agents.ts';
import { Incidents } from '../../collector/src/incidents/incidents.ts';
import { LiveState } from '../../collector/src/live/live-state.ts';
import { createMetrics } from '../../collector/src/metrics.ts';
import type { AgentRecord } from '../../collector/src/registry/agents.ts';
import type { Unit } from '../../collector/src/registry/unit-rows.ts';
import { type Point, point } from '../../shared/src/index.ts';

const agentCount = 10_000;
const unitCount = 180;
const serviceCount = 12;
const targets = ['gateway', 'resolver-1', 'resolver-2', 'collector', 'trung-tam', 'internet'] as const;
const links = ['tslcd', 'inet'] as const;
const minutes = 5;
const tickMs = 2_000;
/** Units whose lines are cut, all at once. */
const cutUnits = 60;
const cutMinutes = 10;

const { values: flags } = parseArgs({ options: { json: { type: 'boolean' } } });

function makeUnits(): Unit[] {
  return Array.from({ length: unitCount }, (_, n) => ({
    code: `U-${n}`,
    name: `Xã ${n}`,
    parent: n === 0 ? undefined : `U-${n < 12 ? 0 : n % 12}`,
    links: links.map((id) => ({ id, kind: id === 'tslcd' ? 'tslcd' : 'internet', carrier: 'VNPT' })),
  })) as unknown as Unit[];
}

function makeAgents(): AgentRecord[] {
  return Array.from({ length: agentCount }, (_, n) => {
    const rank = Math.floor(n / unitCount);
    const unit = `U-${n % unitCount}`;
    const address = `10.${n % unitCount}.${Math.floor(rank / 250)}.${(rank % 250) + 1}`;
    return agentRecord(`a-${n}`, {
      unit,
      class: rank === 0 ? 'gateway' : rank < 3 ? 'server' : 'pc',
      addresses: [address],
    });
  });
}

const services = Array.from({ length: serviceCount }, (_, n) => ({
  id: `dich-vu-${n}`,
  name: `Dịch vụ ${n}`,
  url: `https://10.0.0.${n + 20}/`,
}));
const settings = ConnectivitySection.parse({
  services,
  targets: ['trung-tam', 'internet'].map((id, n) => ({ id, url: `icmp://10.0.0.${n + 1}` })),
  edge: { check: false },
});

let now = Date.UTC(2026, 10, 23, 1);
const folder = mkdtempSync(join(tmpdir(), 'vonggac-bench-'));
const incidents = new Incidents(folder);
const live = new LiveState(() => now);
const agents = makeAgents();
let pushes = 0;
const connectivity = new Connectivity({
  folder,
  settings,
  live,
  units: { list: makeUnits },
  incidents,
  ingest: { write: async () => ({ status: 'stored' }) },
  push: () => {
    pushes += 1;
  },
  registry: createMetrics().registry,
  logger: { warn: console.error, error: console.error } as never,
  now: () => now,
  monotonic: () => now,
});

interface Cost {
  readonly runs: number;
  /** Milliseconds of processor. */
  readonly mean: number;
  /** Milliseconds of wall clock. */
  readonly longest: number;
}

/** What `work` costs for each item. */
function measure<Item>(items: readonly Item[], work: (item: Item) => void): Cost {
  let longest = 0;
  const before = process.cpuUsage();
  for (const item of items) {
    const startedAt = performance.now();
    work(item);
    longest = Math.max(longest, performance.now() - startedAt);
  }
  const { user, system } = process.cpuUsage(before);
  return { runs: items.length, mean: (user + system) / 1_000 / items.length, longest };
}

function together(costs: readonly Cost[]): Cost {
  const runs = costs.reduce((sum, cost) => sum + cost.runs, 0);
  return {
    runs,
    mean: costs.reduce((sum, cost) => sum + cost.mean * cost.runs, 0) / runs,
    longest: Math.max(...costs.map(({ longest }) => longest)),
  };
}

function batchOf(record: AgentRecord, { up, time = now }: { up: boolean; time?: number }): Point[] {
  const error = up ? undefined : 'timeout';
  const checked = targets.map((target) => {
    const isNear = target === 'gateway';
    const tags = { target, kind: 'icmp', scope: isNear ? 'lan' : target === 'internet' ? 'internet' : 'wan' };
    return point('connectivity', {
      time,
      tags,
      fields: { up: up || isNear, checks: 4, rtt_ms: 8, ...(!isNear && { error }) },
    });
  });
  const chosen = connectivity.settingsFor(record).targets.filter(({ scope }) => scope === 'service');
  const ofServices = chosen.map(({ id }) =>
    point('connectivity', { time, tags: { target: id, kind: 'https', scope: 'service' }, fields: { up, checks: 2 } }),
  );
  const ofLines = record.class === 'gateway' ? links : [];
  return [
    point('agent', { time, tags: {}, fields: { budget_state: 0 } }),
    ...checked,
    ...ofServices,
    ...ofLines.map((link) =>
      point('link', {
        time,
        tags: { link },
        fields: { up, active: link === 'inet', session: link === 'tslcd', rtt_ms: 9, interface: link, error },
      }),
    ),
  ];
}

function take(record: AgentRecord, points: readonly Point[]): void {
  const origin = { agent: record.id, host: record.hostname, unit: record.unit, class: record.class };
  connectivity.take({ origin, points });
}

/** A minute in which every agent of `reporting` sends what it has. */
function minute(reporting: readonly AgentRecord[], up: boolean): { batch: Cost; tick: Cost } {
  const batches = reporting.map((record) => ({ record, points: batchOf(record, { up }) }));
  const batch = measure(batches, ({ record, points }) => take(record, points));
  const ticks = Array.from({ length: 60_000 / tickMs }, (_, n) => n);
  const tick = measure(ticks, () => {
    now += tickMs;
    for (const { id } of reporting) live.heard(id);
    connectivity.tick();
  });
  return { batch, tick };
}

try {
  for (const record of agents) live.put(record);
  connectivity.start();
  for (const { id } of agents) live.connected(id, 0);
  const greeting = measure(agents, (record) => connectivity.settingsFor(record));
  minute(agents, true);
  const calm = Array.from({ length: minutes }, () => minute(agents, true));

  const cut = new Set(Array.from({ length: cutUnits }, (_, n) => `U-${n}`));
  const away = agents.filter(({ unit }) => cut.has(unit));
  const present = agents.filter(({ unit }) => !cut.has(unit));
  for (const { id } of away) live.disconnected(id, 'closed');
  const outage = Array.from({ length: cutMinutes }, () => minute(present, true));

  // Each tells in one batch what it measured in the meantime.
  for (const { id } of away) live.connected(id, 0);
  const kept = away.map((record) => ({
    record,
    points: Array.from({ length: cutMinutes }, (_, n) =>
      batchOf(record, { up: false, time: now - (cutMinutes - n) * 60_000 }),
    ).flat(),
  }));
  const backfill = measure(kept, ({ record, points }) => take(record, points));
  const figures = {
    greeting,
    batch: together(calm.map(({ batch }) => batch)),
    tick: together(calm.map(({ tick }) => tick)),
    tick_outage: together(outage.map(({ tick }) => tick)),
    backfill,
    pushes,
  };
  if (flags.json) console.log(JSON.stringify(figures));
  else {
    const line = (name: string, { mean, longest }: Cost) =>
      console.log(`${name.padEnd(52)} ${mean.toFixed(4).padStart(9)} ms   longest ${longest.toFixed(1)} ms`);
    line('settings for an agent that connects', greeting);
    line('a batch of an agent', figures.batch);
    line('a tick, every 2 s, all well', figures.tick);
    line(`a tick while ${cutUnits} units are cut off`, figures.tick_outage);
    line(`a batch with ${cutMinutes} minutes kept back`, backfill);
    const perSecond = (figures.batch.mean * agentCount) / 60 + figures.tick.mean / (tickMs / 1_000);
    console.log(`in all, all well: ${(perSecond / 10).toFixed(2)} % of one core; settings pushed: ${pushes}`);
  }
} finally {
  await connectivity.stop();
  incidents.stop();
  rmSync(folder, { recursive: true });
}
