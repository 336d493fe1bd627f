/**
 * What alert rules cost: `npm run bench:rules -- [--agents 10000] [--json]`. Every machine tells a minute's readings, as
 * real ones do, ten times over; then all rules are evaluated. One process, no network, no store.
 */
import { parseArgs } from 'node:util';
import { type AgentClass, type Point, point } from '@vonggac/shared';
import { Evaluator } from '../../collector/src/rules/evaluator.ts';

const minutes = 10;
const minuteMs = 60_000;
const { values: flags } = parseArgs({ options: { agents: { type: 'string' }, json: { type: 'boolean' } } });
const agents = Number(flags.agents ?? 10_000);

function classOf(agent: number): AgentClass {
  if (agent % 60 === 0) return 'server';
  return agent % 40 === 1 ? 'gateway' : 'pc';
}

/** Of one machine in one minute. */
function readings(time: number, agent: number): Point[] {
  const noise = (agent * 7 + time / minuteMs) % 100;
  const often = [0, 10_000, 20_000, 30_000, 40_000, 50_000].flatMap((ms) => [
    point('cpu', { time: time + ms, tags: {}, fields: { usage_percent: noise } }),
    point('memory', { time: time + ms, tags: {}, fields: { used_percent: noise } }),
    point('system', { time: time + ms, tags: {}, fields: { load_1m: 1 } }),
  ]);
  const disks = ['/', '/var', '/data'].map((mount) =>
    point('filesystem', { time, tags: { mount, type: 'ext4' }, fields: { used_percent: noise, read_only: false } }),
  );
  const checks = ['dns', 'gateway', 'portal'].map((target) =>
    point('connectivity', {
      time,
      tags: { target, kind: target === 'dns' ? 'dns' : 'icmp', scope: 'lan' },
      fields: { up: true },
    }),
  );
  const ages = [
    ['licence', 'eset'],
    ['full-scan', 'eset'],
    ['reboot', 'machine'],
    ['security-update', 'machine'],
    ['os-support', 'machine'],
  ] as const;
  return [
    ...often,
    ...disks,
    ...checks,
    ...ages.map(([kind, item]) => point('age', { time, tags: { kind, item }, fields: { age_days: 3, left_days: 90 } })),
    point('agent', { time, tags: {}, fields: { clock_offset_seconds: 0.1, spool_state: 0, budget_state: 0 } }),
    point('agent_state', { time, tags: {}, fields: { state: 2, alert: 0, alertable: 0 } }),
    point('antivirus_state', { time, tags: {}, fields: { state: 2, signature_age_hours: 5 } }),
    point('posture', { time, tags: {}, fields: { firewall: true } }),
  ];
}

const evaluator = new Evaluator({ isGone: () => false });
const start = Date.UTC(2026, 0, 5, 8);
const before = process.memoryUsage().heapUsed;
let [points, takeMs] = [0, 0];
const ticks: number[] = [];
for (let minute = 0; minute < minutes; minute += 1) {
  const time = start + minute * minuteMs;
  for (let agent = 0; agent < agents; agent += 1) {
    const unit = `U-${agent % 180}`;
    const batch = {
      origin: { agent: `agent-${agent}`, host: `host-${agent}`, unit, class: classOf(agent) },
      points: readings(time, agent),
    };
    points += batch.points.length;
    const begun = performance.now();
    evaluator.take(batch, time + minuteMs);
    takeMs += performance.now() - begun;
  }
  const begun = performance.now();
  evaluator.tick(time + minuteMs);
  ticks.push(performance.now() - begun);
}
globalThis.gc?.();
const result = {
  agents,
  instances: evaluator.instances,
  points,
  microsecondsPerPoint: Number(((takeMs / points) * 1_000).toFixed(2)),
  tickMs: {
    median: Math.round(ticks.toSorted((a, b) => a - b)[minutes >> 1] ?? 0),
    worst: Math.round(Math.max(...ticks)),
  },
  heapMegabytes: Math.round((process.memoryUsage().heapUsed - before) / 2 ** 20),
};
console.log(
  flags.json
    ? JSON.stringify(result)
    : `${agents} agents, ${result.instances} instances: ${result.microsecondsPerPoint} µs a point (${points} points), ` +
        `a tick ${result.tickMs.median} ms (worst ${result.tickMs.worst} ms), heap ${result.heapMegabytes} MB`,
);
