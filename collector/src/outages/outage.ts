/** An outage: a time in which nothing was heard of an agent, and what is held to be its cause. */
import type { AgentClass } from '@vonggac/shared';
import type { Evidence } from '../incidents/incident.ts';

/** What each verdict claims; no more than was seen. */
export const verdicts = {
  'agent-stopped': 'the agent ended or hangs while its machine goes on',
  'machine-shut-down': 'the machine was shut down in order',
  'machine-lost': 'the machine lost its power, crashed or was cut from its network',
  'lan-isolated': "machines of the unit cannot reach the unit's router or gateway",
  'unit-link-down': "the unit's line is dead while its machines go on",
  'unit-power-loss': 'the power of the unit was out: several machines lost it at once, or one lived on a battery',
  'internet-down': "the unit's Internet line, over which its machines report, is dead",
  'collector-outage': 'the collector itself was away or cut off: nothing is known',
  planned: 'maintenance, or outside working hours',
  unknown: 'what was seen fits several causes',
} as const;
export type Verdict = keyof typeof verdicts;
export const verdictNames = Object.keys(verdicts) as readonly Verdict[];

export const confidences = ['low', 'medium', 'high'] as const;
export type Confidence = (typeof confidences)[number];

/** Later evidence has changed the verdict. */
export interface Revision {
  readonly at: number;
  readonly from: Verdict;
  readonly to: Verdict;
  /** The evidence that decided, as its `what`. */
  readonly why: string;
}

/** Times are milliseconds since 1970. */
export interface Outage {
  /** Ascending in the order of recording, never used again. */
  readonly id: number;
  readonly agent: string;
  readonly hostname: string;
  /** Where the machine belonged when the outage began. */
  readonly unit: string;
  readonly class: AgentClass;
  /** When the agent was heard last. */
  readonly beganAt: number;
  /** Undefined while it lasts. */
  readonly endedAt: number | undefined;
  readonly verdict: Verdict;
  readonly confidence: Confidence;
  /** What was seen, when and by whom, oldest first. */
  readonly evidence: readonly Evidence[];
  readonly revisions: readonly Revision[];
  /** The incident that tells of it, if any does. */
  readonly incident: number | undefined;
}
