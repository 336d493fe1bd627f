/** Gathers what both ends say of a unit's line right now. */
import type { Point } from '@vonggac/shared';
import type { LiveAgent } from '../live/live-state.ts';
import { edgeTargetId } from './edge-targets.ts';
import type { LinkEvidence, LinkReading } from './link-judgement.ts';
import type { LinkKey } from './link-ledger.ts';
import type { ConnectivitySection } from './settings.ts';
import { settledTurn, type TargetResult, type TargetResults } from './target-results.ts';

/** How often gateways check their lines, and how many of these in a row count. */
const gatewayPace = { every: 15, checks: 2 };

/** What a line may carry: the traffic that has no other route, and the gateway's own session with this collector. */
const loads = ['active', 'session'] as const;
type Load = (typeof loads)[number];

/** A gateway's reading of a line in the form in which targets are kept; the scope says what it carries, as words. */
export function asTarget({ measurement, tags, fields, time }: Point): Point | undefined {
  if (measurement !== 'link' || tags.link === undefined) return undefined;
  const carried = loads.filter((load) => fields[load] === true);
  return {
    measurement: 'connectivity',
    tags: { target: tags.link, kind: 'icmp', scope: carried.join(' ') },
    fields: { ...fields, checks: 1 },
    time,
  };
}

interface Sources {
  readonly settings: Pick<ConnectivitySection, 'edge'>;
  readonly edges: TargetResults;
  readonly gateways: TargetResults;
  /** Agents of the unit. */
  readonly agents: readonly LiveAgent[];
  /** Ids of the unit's lines. */
  readonly links: readonly string[];
  readonly collector: string;
  readonly now: number;
}

export function gatherEvidence(key: LinkKey, sources: Sources): LinkEvidence {
  // The silence of one that is off by its calendar says nothing.
  const expected = sources.agents.filter(({ state }) => state !== 'retired' && state !== 'planned');
  const heard = expected.filter(({ state }) => state === 'online');
  // Nobody else is asked about lines.
  const asked = heard.flatMap(({ record }) => (record.class === 'gateway' ? [record.id] : []));
  const heardTimes = expected.flatMap(({ lastSeen }) => lastSeen ?? []);
  return {
    edge: readEdge(key, sources),
    gateway: readGateway(key.link, { asked, sources }),
    agents: expected.length,
    heard: heard.length,
    lastHeard: heardTimes.length > 0 ? Math.max(...heardTimes) : undefined,
    heardThrough: heard.length === 0 ? 'no' : wayOf(key, { asked, sources }),
    isActive: carries('active', { link: key.link, asked, sources }),
  };
}

function readEdge(key: LinkKey, { settings, edges, collector, now }: Sources): LinkReading | undefined {
  const pace = { ...settings.edge, now };
  const result = edges.current(collector, edgeTargetId(key), pace);
  return result && reading(result, pace);
}

/**
 * Undefined when it is not settled or could not be measured. Whoever has just found a line dead, and not yet
 * twice, speaks neither for nor against it.
 */
function reading(
  result: TargetResult,
  pace: { readonly every: number; readonly checks: number; readonly now: number },
): LinkReading | undefined {
  const turn = settledTurn(result, pace);
  if (turn?.up === undefined || (turn.up && result.turns.at(-1)?.up === false)) return undefined;
  const { error, rttMs, lossPercent } = result;
  return { up: turn.up, since: turn.at, error, rttMs, lossPercent };
}

/** One gateway that reaches beyond the line is enough; of several that do not, the one that knew first. */
function readGateway(
  link: string,
  { asked, sources }: { asked: readonly string[]; sources: Sources },
): LinkEvidence['gateway'] {
  const readings = asked.flatMap((id) => {
    const pace = { ...gatewayPace, now: sources.now };
    const result = sources.gateways.current(id, link, pace);
    const found = result && reading(result, pace);
    return found ? [{ ...found, agent: id }] : [];
  });
  return readings.sort((a, b) => Number(b.up) - Number(a.up) || a.since - b.since)[0];
}

/**
 * Whether what is heard comes over this line: there is no other, or a gateway says so. It knows best of its own session:
 * where the collector is reached by a route of its own, the default one tells nothing. Without a gateway, it does not
 * come over one whose edge is silent while that of another answers.
 */
function wayOf(
  key: LinkKey,
  { asked, sources }: { asked: readonly string[]; sources: Sources },
): LinkEvidence['heardThrough'] {
  const { link } = key;
  if (sources.links.length === 1) return 'yes';
  for (const load of ['session', 'active'] as const) {
    const carriers = sources.links.filter((each) => carries(load, { link: each, asked, sources }));
    if (carriers.length > 0) return carriers.includes(link) ? 'yes' : 'no';
  }
  const edgeAnswers = (each: string) => readEdge({ ...key, link: each }, sources)?.up === true;
  return !edgeAnswers(link) && sources.links.some(edgeAnswers) ? 'no' : 'unknown';
}

/** What gateways say of it; undefined when none says anything. */
function carries(
  load: Load,
  { link, asked, sources }: { link: string; asked: readonly string[]; sources: Sources },
): boolean | undefined {
  const said = asked.flatMap((id) => {
    const result = sources.gateways.current(id, link, { ...gatewayPace, now: sources.now });
    return result ? [result.scope.split(' ').includes(load)] : [];
  });
  return said.length === 0 ? undefined : said.includes(true);
}
