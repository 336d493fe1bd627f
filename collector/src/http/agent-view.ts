/** Live state in the form in which the API shows it. */
import type { Point } from '@vonggac/shared';
import { type LiveAgent, seriesKey } from '../live/live-state.ts';
import { relayOf } from '../registry/agent-relay.ts';
import type { AgentRecord } from '../registry/agents.ts';
import { toIso } from './instants.ts';
import type { AgentValues, AgentView, AgentWithPoints, PointView } from './schemas.ts';

const cpuKey = seriesKey({ measurement: 'cpu', tags: {}, fields: {}, time: 0 });
const memoryKey = seriesKey({ measurement: 'memory', tags: {}, fields: {}, time: 0 });

function numberOf(point: Point | undefined, field: string): number | undefined {
  const value = point?.fields[field];
  return typeof value === 'number' ? value : undefined;
}

/** The fullest file system that can still fill up: images mounted read-only are always full and mean nothing. */
function fullestFilesystem(points: Iterable<Point>): Point | undefined {
  let fullest: Point | undefined;
  for (const point of points) {
    if (point.measurement !== 'filesystem' || point.fields.read_only === true) continue;
    const used = numberOf(point, 'used_percent');
    if (used !== undefined && used > (numberOf(fullest, 'used_percent') ?? -1)) fullest = point;
  }
  return fullest;
}

/** The few values that a list shows. What is not known stays undefined: a nought would be a claim. */
export function valuesOf(agent: LiveAgent): AgentValues {
  const fullest = fullestFilesystem(agent.points.values());
  return {
    cpu_usage_percent: numberOf(agent.points.get(cpuKey), 'usage_percent'),
    memory_used_percent: numberOf(agent.points.get(memoryKey), 'used_percent'),
    filesystem_used_percent: numberOf(fullest, 'used_percent'),
    filesystem_mount: fullest?.tags.mount,
  };
}

/** `colleagues` are agents that the asker may see: one of them may be the relay. */
export function viewAgent(agent: LiveAgent, colleagues: readonly LiveAgent[]): AgentView {
  const { record } = agent;
  return {
    id: record.id,
    name: record.hostname,
    unit: record.unit,
    class: record.class,
    state: agent.state,
    state_since: toIso(agent.since),
    last_seen: agent.lastSeen === undefined ? undefined : toIso(agent.lastSeen),
    platform: record.platform,
    version: record.version,
    clock_offset_seconds: agent.clockOffsetMs === undefined ? undefined : agent.clockOffsetMs / 1_000,
    enrolled_at: toIso(record.enrolledAt),
    way: viewWay(record, colleagues),
    values: valuesOf(agent),
  };
}

export function viewPoint(point: Point): PointView {
  return { measurement: point.measurement, tags: point.tags, fields: point.fields, time: toIso(point.time) };
}

function viewWay(record: AgentRecord, colleagues: readonly LiveAgent[]): AgentView['way'] {
  const { way } = record;
  if (!way || way.kind === 'direct') return way;
  const relay = relayOf(
    record,
    colleagues.map((colleague) => colleague.record),
  );
  return { ...way, relay: relay && { id: relay.id, name: relay.hostname } };
}

export function viewAgentWithPoints(agent: LiveAgent, colleagues: readonly LiveAgent[]): AgentWithPoints {
  return { ...viewAgent(agent, colleagues), points: [...agent.points.values()].map(viewPoint) };
}
