/** What the routes of lines and shared services answer. */
import * as z from 'zod';
import { linkCauses, linkStateNames } from '../connectivity/link-judgement.ts';
import { serviceStateNames } from '../connectivity/service-judgement.ts';
import { UnitLink } from '../registry/unit-values.ts';
import { Instant, listOf } from './schemas.ts';

const State = z.enum(linkStateNames);
const Cause = z
  .enum(Object.keys(linkCauses) as [keyof typeof linkCauses])
  .describe('Why it is so; claims no more than was seen');
const Milliseconds = z.number().optional();
const Percent = z.number().optional();

export const LinkList = listOf(
  z.strictObject({
    unit: z.string(),
    link: z.string(),
    kind: UnitLink.shape.kind,
    carrier: z.string().optional(),
    edge: z.string().optional(),
    state: State,
    cause: Cause,
    since: Instant.optional(),
    rtt_ms: Milliseconds,
    loss_percent: Percent,
    active: z.boolean().optional().describe('A gateway of the unit says whether it carries the traffic'),
    availability_percent: Percent.describe('This month so far, of the time in which anything was known'),
  }),
);
export type LinkView = z.infer<typeof LinkList>['items'][number];

export const IntervalList = listOf(
  z.strictObject({
    carrier: z.string(),
    state: State,
    cause: Cause,
    from: Instant,
    to: Instant.optional().describe('Absent while it lasts'),
    revision: z.string().optional().describe('How evidence that came late has changed it'),
    evidence: z.array(z.strictObject({ time: Instant, what: z.string(), facts: z.record(z.string(), z.string()) })),
  }),
);
export type IntervalView = z.infer<typeof IntervalList>['items'][number];

const totals = {
  availability_percent: Percent,
  seconds: z.strictObject({ up: z.number(), degraded: z.number(), down: z.number(), unknown: z.number() }),
  outages: z.int().describe('Times that it went down'),
  p50_ms: Milliseconds,
  p95_ms: Milliseconds,
  loss_percent: Percent,
};

export const LinkReportAnswer = z.strictObject({
  month: z.string(),
  from: Instant,
  to: Instant,
  links: z.array(
    z.strictObject({
      unit: z.string(),
      link: z.string(),
      carrier: z.string(),
      ...totals,
      days: z.array(z.strictObject({ day: z.string().describe('In Vietnam'), ...totals })),
    }),
  ),
  truncated: z.boolean().describe('Too much happened for one report: ask for one unit'),
});
export type LinkReportAnswer = z.infer<typeof LinkReportAnswer>;

export const ServiceList = listOf(
  z.strictObject({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    state: z.enum(serviceStateNames),
    since: Instant.optional(),
    vantage_points: z.int().describe('Machines with a current result'),
    failing_points: z.int(),
    rtt_ms: Milliseconds.describe('Median'),
    error: z.string().optional().describe('The most frequent one'),
    cut_off: z.array(z.string()).describe('Units that cannot reach it while others can'),
    reaching: z.array(z.string()).describe('Units from which it is reached'),
  }),
);
export type ServiceView = z.infer<typeof ServiceList>['items'][number];
