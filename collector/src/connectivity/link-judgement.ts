/**
 * What is known of a unit's line, from both of its ends, and what follows from it: a pure function. Nothing is called
 * down on the word of one who could not know, and a cause claims no more than was seen.
 */
import type { LinkSettings } from './settings.ts';

export const linkStates = { down: 0, degraded: 1, up: 2, unknown: -1 } as const;
export type LinkState = keyof typeof linkStates;
export const linkStateNames = ['up', 'degraded', 'down', 'unknown'] as const satisfies readonly LinkState[];

/** Why a line is in its state; `works` says that there is nothing to say. */
export const linkCauses = {
  works: 'nothing is wrong',
  'edge-mute': 'the line carries traffic, but its edge address does not answer',
  loss: 'too many packets are lost',
  latency: 'answers take too long',
  'one-way': 'the gateway says the line works, the collector cannot reach its edge',
  'both-ends-silent': 'the edge does not answer and no machine of the unit is heard',
  'edge-silent': 'the edge does not answer; nobody at the other end could tell more',
  'next-hop-silent': 'the gateway cannot reach beyond the line',
  'no-carrier': "the gateway's interface to the line is down",
  'line-cut': 'both ends say that the line is dead',
  'inside-unit': 'the edge answers, but the gateway cannot use the line: the fault is behind the edge',
  'router-silent': "the unit's router did not answer its own machines",
  'beyond-next-hop': 'the gateway reached the next router: the break was farther away',
  'unit-off': 'the machine that tells of the line was off and started again: power or equipment',
  unclear: 'what is known does not fit together',
  'agents-silent': 'no machine of the unit is heard, and nobody checks the line from outside',
  'no-evidence': 'nobody checks the line',
  'collector-outage': 'the collector itself was away',
} as const;
export type LinkCause = keyof typeof linkCauses;

/** What one end has measured. */
export interface LinkReading {
  readonly up: boolean;
  /** When it became so. */
  readonly since: number;
  readonly error: string | undefined;
  readonly rttMs: number | undefined;
  readonly lossPercent: number | undefined;
}

export interface LinkEvidence {
  /** The collector's own check of the edge address; undefined when there is none or nothing current. */
  readonly edge: LinkReading | undefined;
  /** What a gateway of the unit says. */
  readonly gateway: (LinkReading & { readonly agent: string }) | undefined;
  /** Machines of the unit that are expected to report, and those that are heard. */
  readonly agents: number;
  readonly heard: number;
  /** When any of them was heard last. */
  readonly lastHeard: number | undefined;
  /** Whether what is heard comes over this line. */
  readonly heardThrough: 'yes' | 'no' | 'unknown';
  /** Whether a gateway says that the line carries the traffic; undefined when none says anything. */
  readonly isActive: boolean | undefined;
}

export interface LinkJudgement {
  readonly state: LinkState;
  readonly cause: LinkCause;
  /** When what it rests on began; undefined for now. */
  readonly since?: number | undefined;
  /** Of a line that is poor: since when anybody gets through at all. */
  readonly answersSince?: number | undefined;
}

type Bounds = Pick<LinkSettings, 'degraded_loss_percent' | 'degraded_rtt_ms'>;

export function judgeLink(evidence: LinkEvidence, bounds: Bounds): LinkJudgement {
  const { edge, gateway } = evidence;
  if (gateway && !gateway.up) return judgeByGateway(gateway, edge);
  if (edge && !edge.up) return judgeSilentEdge(edge, evidence);
  if (edge || gateway || evidence.heardThrough === 'yes') return judgeQuality(evidence, bounds);
  const isSilent = evidence.agents > 0 && evidence.heard === 0;
  return { state: 'unknown', cause: isSilent ? 'agents-silent' : 'no-evidence' };
}

function judgeByGateway(gateway: LinkReading, edge: LinkReading | undefined): LinkJudgement {
  if (edge?.up) return { state: 'down', cause: 'inside-unit', since: gateway.since };
  if (edge) return { state: 'down', cause: 'line-cut', since: Math.min(edge.since, gateway.since) };
  const cause = gateway.error === 'unreachable' ? 'no-carrier' : 'next-hop-silent';
  return { state: 'down', cause, since: gateway.since };
}

function judgeSilentEdge(edge: LinkReading, { gateway, agents, heard, heardThrough }: LinkEvidence): LinkJudgement {
  const { since } = edge;
  if (heardThrough === 'yes') return { state: 'up', cause: 'edge-mute' };
  if (gateway && isProven(gateway)) return { state: 'degraded', cause: 'one-way', since, answersSince: gateway.since };
  if (agents > 0 && heard === 0) return { state: 'down', cause: 'both-ends-silent', since };
  if (agents === 0 || heardThrough === 'no') return { state: 'down', cause: 'edge-silent', since };
  return { state: 'unknown', cause: 'unclear', since };
}

/** One without a time was never answered over the line: all that the gateway knows is that something has a MAC address. */
function isProven({ rttMs }: LinkReading): boolean {
  return rttMs !== undefined;
}

function judgeQuality({ edge, gateway }: LinkEvidence, bounds: Bounds): LinkJudgement {
  const readings = [edge, gateway].filter((reading) => reading !== undefined);
  const isLossy = readings.some(({ lossPercent = 0 }) => lossPercent >= bounds.degraded_loss_percent);
  // Since the last of them began to answer: an outage is not charged for the time it takes to be sure of its end.
  const answersSince = readings.length > 0 ? Math.max(...readings.map(({ since }) => since)) : undefined;
  if (isLossy) return { state: 'degraded', cause: 'loss', answersSince };
  const isSlow = readings.some(({ rttMs = 0 }) => rttMs > bounds.degraded_rtt_ms);
  if (isSlow) return { state: 'degraded', cause: 'latency', answersSince };
  return { state: 'up', cause: 'works', since: answersSince };
}

/** The evidence as short texts, each end apart. */
export function factsOf({ edge, gateway, agents, heard, lastHeard }: LinkEvidence): Record<string, string> {
  return {
    edge: edge ? describe(edge) : 'not checked',
    gateway: gateway ? `${describe(gateway)} (${gateway.agent})` : 'silent',
    agents_heard: `${heard} of ${agents}`,
    ...(lastHeard !== undefined && { last_heard: new Date(lastHeard).toISOString() }),
  };
}

function describe({ up, since, error, rttMs, lossPercent }: LinkReading): string {
  return [
    up ? 'answers' : 'silent',
    `since ${new Date(since).toISOString()}`,
    ...(error === undefined ? [] : [error]),
    ...(rttMs === undefined ? [] : [`${rttMs} ms`]),
    ...(lossPercent === undefined ? [] : [`${lossPercent} % lost`]),
  ].join(', ');
}
