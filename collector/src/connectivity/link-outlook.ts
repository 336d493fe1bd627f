/** Gathers what both ends say of a unit's line right now. */
import type { Point } from '@vonggac/shared';
import type { LiveAgent } from '../live/live-state.ts';
import { edgeTargetId } from './edge-targets.ts';
import type { LinkEvidence, LinkReading } from './link-judgement.ts';
import type { LinkKey } from './link-ledger.ts';
import type { ConnectivitySection } from './settings.ts';
import { isCurrent, settledTurn, type TargetResult, type TargetResults } from './target-results.ts';

/** How often gateways check their lines, and how many of these in a row count. */
const gatewayPace = { every: 15, checks: 2 };

/** A gateway's reading of a line in the form in which targets are kept; the scope tells whether it carries the traffic. */
export function asTarget({ measurement, tags, fields, time }: Point): Point | undefined {
  if (measurement !== 'link' || tags.link === undefined) return undefined;
  const scope = fields.active === true ? 'active' : 'passive';
  return {
    measurement: 'connectivity',
    tags: { target: tags.link, kind: 'icmp', scope },
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
  const expected = sources.agents.filter(({ state }) => state !== 'retired');
  const heard = expected.filter(({ state }) => state === 'online');
  const heardTimes = expected.flatMap(({ lastSeen }) => lastSeen ?? []);
  return {
    edge: readEdge(key, sources),
    gateway: readGateway(key.link, { heard, sources }),
    agents: expected.length,
    heard: heard.length,
    lastHeard: heardTimes.length > 0 ? Math.max(...heardTimes) : undefined,
    heardThrough: heard.length === 0 ? 'no' : wayOf(key, { heard, sources }),
    isActive: isActive(key.link, { heard, sources }),
  };
}

function readEdge(key: LinkKey, { settings, edges, collector, now }: Sources): LinkReading | undefined {
  const result = edges.of(collector, edgeTargetId(key));
  return result && reading(result, { ...settings.edge, now });
}

/**
 * Undefined when it is not current, not settled or could not be measured. Whoever has just found a line dead, and not yet
 * twice, speaks neither for nor against it.
 */
function reading(
  result: TargetResult,
  pace: { readonly every: number; readonly checks: number; readonly now: number },
): LinkReading | undefined {
  const turn = isCurrent(result, pace) ? settledTurn(result, pace) : undefined;
  if (turn?.up === undefined || (turn.up && result.turns.at(-1)?.up === false)) return undefined;
  const { error, rttMs, lossPercent } = result;
  return { up: turn.up, since: turn.at, error, rttMs, lossPercent };
}

/** One gateway that reaches beyond the line is enough; of several that do not, the one that knew first. */
function readGateway(
  link: string,
  { heard, sources }: { heard: readonly LiveAgent[]; sources: Sources },
): LinkEvidence['gateway'] {
  const readings = heard.flatMap(({ record: { id } }) => {
    const result = sources.gateways.of(id, link);
    const found = result && reading(result, { ...gatewayPace, now: sources.now });
    return found ? [{ ...found, agent: id }] : [];
  });
  return readings.sort((a, b) => Number(b.up) - Number(a.up) || a.since - b.since)[0];
}

/**
 * Whether what is heard comes over this line: there is no other, or a gateway says so. Without a gateway, it does not
 * come over one whose edge is silent while that of another answers.
 */
function wayOf(
  key: LinkKey,
  { heard, sources }: { heard: readonly LiveAgent[]; sources: Sources },
): LinkEvidence['heardThrough'] {
  const { link } = key;
  if (sources.links.length === 1) return 'yes';
  const active = sources.links.filter((each) => isActive(each, { heard, sources }));
  if (active.length > 0) return active.includes(link) ? 'yes' : 'no';
  const edgeAnswers = (each: string) => readEdge({ ...key, link: each }, sources)?.up === true;
  return !edgeAnswers(link) && sources.links.some(edgeAnswers) ? 'no' : 'unknown';
}

function isActive(
  link: string,
  { heard, sources }: { heard: readonly LiveAgent[]; sources: Sources },
): boolean | undefined {
  const said = heard.flatMap(({ record: { id } }) => {
    const result = sources.gateways.of(id, link);
    return result && isCurrent(result, { ...gatewayPace, now: sources.now }) ? [result.scope === 'active'] : [];
  });
  return said.length === 0 ? undefined : said.includes(true);
}
