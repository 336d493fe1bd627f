/** Filtering, sorting and paging of the list of agents. */

import type { AgentClass, AgentState } from '@vonggac/shared';
import type { LiveAgent } from '../live/live-state.ts';
import { unitAndBelow } from '../registry/unit-tree.ts';
import type { UnitRecord } from '../registry/units.ts';
import { valuesOf } from './agent-view.ts';

export interface AgentFilter {
  /** Code of a unit; stands for the units below it too. */
  readonly unit?: string | undefined;
  readonly states?: readonly AgentState[] | undefined;
  readonly class?: AgentClass | undefined;
  /** Looked for in name, id and unit, without regard to case and diacritics. */
  readonly q?: string | undefined;
}

/** What needs a person comes first. */
const stateRank: Readonly<Record<AgentState, number>> = {
  offline: 0,
  late: 1,
  inconclusive: 2,
  online: 3,
  planned: 4,
  retired: 5,
};

const collator = new Intl.Collator('vi', { numeric: true });

type SortValue = number | string | undefined;

/** The value that each order goes by; where it is equal, name and id decide. */
const sortValues = {
  name: () => undefined,
  unit: (agent) => agent.record.unit,
  class: (agent) => agent.record.class,
  state: (agent) => stateRank[agent.state],
  last_seen: (agent) => agent.lastSeen,
  cpu: (agent) => valuesOf(agent).cpu_usage_percent,
  memory: (agent) => valuesOf(agent).memory_used_percent,
  filesystem: (agent) => valuesOf(agent).filesystem_used_percent,
} as const satisfies Record<string, (agent: LiveAgent) => SortValue>;

export type SortKey = keyof typeof sortValues;
export const sortKeys = Object.keys(sortValues) as readonly SortKey[];

export interface AgentOrder {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** Where an agent stands in an order; survives the agent's own removal, so that it can be a cursor. */
type Place = readonly [value: number | string | null, name: string, id: string];

function placeOf(agent: LiveAgent, order: AgentOrder): Place {
  return [sortValues[order.key](agent) ?? null, agent.record.hostname, agent.record.id];
}

function compareTexts(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : Number(a > b));
}

/** What is not known comes last, whichever way the order goes. */
function compareValues(a: Place[0], b: Place[0], descending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const difference = typeof a === 'number' && typeof b === 'number' ? a - b : compareTexts(String(a), String(b));
  return descending ? -difference : difference;
}

function comparePlaces(a: Place, b: Place, order: AgentOrder): number {
  const byName = compareTexts(a[1], b[1]) || compareTexts(a[2], b[2]);
  return compareValues(a[0], b[0], order.descending) || (order.key === 'name' && order.descending ? -byName : byName);
}

/** Letters as someone in a hurry types them: `Đồng Hới` becomes `dong hoi`. */
export function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd');
}

/** The agents that pass the filter, in no particular order. */
export function filterAgents(
  agents: readonly LiveAgent[],
  units: readonly UnitRecord[],
  filter: AgentFilter,
): LiveAgent[] {
  const within = filter.unit === undefined ? undefined : unitAndBelow(units, filter.unit);
  const unitNames = new Map(units.map((unit) => [unit.code, unit.name]));
  const words = foldText(filter.q ?? '')
    .split(/\s+/)
    .filter((word) => word !== '');
  return agents.filter(({ record, state }) => {
    if (within && !within.has(record.unit)) return false;
    if (filter.states && !filter.states.includes(state)) return false;
    if (filter.class && record.class !== filter.class) return false;
    if (words.length === 0) return true;
    const text = foldText(`${record.hostname} ${record.id} ${record.unit} ${unitNames.get(record.unit) ?? ''}`);
    return words.every((word) => text.includes(word));
  });
}

function encodeCursor(place: Place, order: AgentOrder): string {
  return Buffer.from(JSON.stringify([order.key, order.descending, ...place])).toString('base64url');
}

/** The place that a cursor names, or undefined when it is none of this order. */
function decodeCursor(cursor: string, order: AgentOrder): Place | undefined {
  try {
    const [key, descending, value, name, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    const isValue = value === null || typeof value === 'number' || typeof value === 'string';
    if (key !== order.key || descending !== order.descending || !isValue) return undefined;
    return typeof name === 'string' && typeof id === 'string' ? [value, name, id] : undefined;
  } catch {
    return undefined;
  }
}

export interface AgentPage {
  readonly agents: LiveAgent[];
  readonly next: string | null;
}

/** One page in an order, or undefined when `after` is not a cursor of this order. */
export function pageOf(
  agents: readonly LiveAgent[],
  order: AgentOrder,
  options: { readonly after?: string | undefined; readonly limit: number },
): AgentPage | undefined {
  const start = options.after === undefined ? undefined : decodeCursor(options.after, order);
  if (options.after !== undefined && start === undefined) return undefined;
  const rows = agents
    .map((agent) => ({ agent, place: placeOf(agent, order) }))
    .filter(({ place }) => start === undefined || comparePlaces(place, start, order) > 0)
    .sort((a, b) => comparePlaces(a.place, b.place, order));
  const page = rows.slice(0, options.limit);
  const last = page.at(-1);
  return {
    agents: page.map((row) => row.agent),
    next: last && rows.length > page.length ? encodeCursor(last.place, order) : null,
  };
}
