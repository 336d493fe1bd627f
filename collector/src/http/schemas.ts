/** What the API answers. The OpenAPI document, the types of the console and the tests are made from these. */
import { AgentClass, agentStates } from '@vonggac/shared';
import * as z from 'zod';
import { roles } from '../registry/roles.ts';
import { UnitLink } from '../registry/unit-values.ts';

export const Instant = z.iso.datetime().describe('ISO 8601, UTC');
const Percent = z.number().optional();

/** One page of a list; `next` is the `after` of the next page, null on the last one. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), next: z.string().nullable() });
}

export const AgentValues = z
  .strictObject({
    cpu_usage_percent: Percent,
    memory_used_percent: Percent,
    filesystem_used_percent: Percent.describe('Of the fullest file system that can be written to'),
    filesystem_mount: z.string().optional().describe('Where the fullest file system is mounted'),
  })
  .describe('Last known values, absent when never known; they are as old as `last_seen`');
export type AgentValues = z.infer<typeof AgentValues>;

const Point = z.strictObject({
  measurement: z.string(),
  tags: z.record(z.string(), z.string()),
  fields: z.record(z.string(), z.union([z.boolean(), z.number(), z.string()])),
  time: Instant,
});
export type PointView = z.infer<typeof Point>;

const AgentState = z.enum(agentStates);

const AgentWay = z
  .strictObject({
    kind: z.enum(['direct', 'via', 'relay']),
    address: z.string(),
    relay: z.strictObject({ id: z.string(), name: z.string() }).optional(),
  })
  .describe(
    'How it has come, as it says: directly, `via` a relay that a person named, or by one that the collector told of; `relay` is the agent of its unit that has that address',
  );

export const Agent = z.strictObject({
  id: z.string(),
  name: z.string().describe('What the machine calls itself: a label, never an identity, and nothing to trust'),
  unit: z.string(),
  class: AgentClass,
  state: AgentState,
  state_since: Instant,
  last_seen: Instant.optional(),
  platform: z.string(),
  version: z.string(),
  clock_offset_seconds: z.number().optional().describe("The collector's clock minus the machine's"),
  enrolled_at: Instant,
  way: AgentWay.optional(),
  values: AgentValues,
});
export type AgentView = z.infer<typeof Agent>;

export const AgentWithPoints = Agent.extend({ points: z.array(Point).describe('The newest point of every series') });
export type AgentWithPoints = z.infer<typeof AgentWithPoints>;

export const AgentList = listOf(Agent);
export type AgentList = z.infer<typeof AgentList>;

export const Summary = z.strictObject({
  total: z.int(),
  states: z.record(AgentState, z.int()),
});
export type Summary = z.infer<typeof Summary>;

const Unit = z.strictObject({
  code: z.string(),
  name: z.string(),
  parent: z.string().optional(),
  kind: z.string().optional(),
  contact_name: z.string().optional(),
  contact_phone: z.string().optional(),
  location: z.string().optional(),
  security_level: z.int().optional().describe('1 to 5'),
  declared_servers: z.int().optional(),
  declared_gateways: z.int().optional(),
  declared_pcs: z.int().optional(),
  links: z.array(UnitLink).optional(),
  calendar: z.string().optional(),
  note: z.string().optional(),
  valid_from: Instant.describe('Since when it is as it stands here'),
  valid_to: Instant.optional().describe('Until when; absent for what holds now'),
});
export type UnitDetails = z.infer<typeof Unit>;
/** What is enough to show a unit in the tree. */
export type UnitView = Pick<UnitDetails, 'code' | 'name' | 'parent'>;
export const UnitList = listOf(Unit);
export type UnitList = z.infer<typeof UnitList>;

export const UnitHistory = z.strictObject({
  code: z.string(),
  retired_at: Instant.optional(),
  successor: z.string().optional().describe('The unit that took its place'),
  versions: z.array(Unit).describe('Oldest first'),
});
export type UnitHistory = z.infer<typeof UnitHistory>;

export const UnitMachines = listOf(
  z.strictObject({ unit: z.string(), server: z.int(), gateway: z.int(), pc: z.int() }),
);
export type UnitMachines = z.infer<typeof UnitMachines>;

export const SeriesAnswer = z.strictObject({
  series: z.array(
    z.strictObject({
      tags: z.record(z.string(), z.string()),
      points: z.array(z.tuple([z.int().describe('Milliseconds since 1970'), z.union([z.number(), z.string()])])),
    }),
  ),
  truncated: z.boolean().describe('There were more points than `limit`'),
});
export type SeriesAnswer = z.infer<typeof SeriesAnswer>;

const Text = { vi: z.string(), en: z.string() };

export const CatalogueAnswer = z.strictObject({
  measurements: z.record(
    z.string(),
    z.strictObject({
      ...Text,
      cadence: z.string().describe('When agents measure it by default: cron syntax with seconds'),
      tags: z.record(z.string(), z.strictObject(Text)),
      fields: z.record(
        z.string(),
        z.strictObject({ ...Text, type: z.enum(['boolean', 'float', 'integer', 'string']), unit: z.string() }),
      ),
    }),
  ),
});
export type CatalogueAnswer = z.infer<typeof CatalogueAnswer>;

export const Me = z.strictObject({
  via: z.enum(['session', 'token']),
  kind: z.enum(['person', 'link', 'token']).describe('`link`: a session that was opened by a one-time link'),
  role: z.enum(roles),
  name: z.string().optional().describe('Of the person or of the token; a one-time link has none'),
  unit: z.string().optional().describe('Code of the unit that the role is limited to'),
  expires_at: Instant.optional(),
  source: z
    .enum(['local', 'oidc'])
    .optional()
    .describe('Where a person is known: here, or with the OpenID Connect provider'),
  totp: z.boolean().describe('Whether signing in takes a code too'),
  must_change_password: z.boolean().describe('Until then nothing else is answered'),
  permissions: z.array(z.string()),
  collector_version: z.string(),
});
export type Me = z.infer<typeof Me>;

const AuditValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional();

const AuditItem = z.strictObject({
  seq: z.int(),
  time: Instant,
  actor: z.string(),
  from: z.string().describe('`command`, or the address of a browser or program'),
  action: z.string(),
  subject: z.string().optional(),
  before: AuditValues,
  after: AuditValues,
  hash: z.string().describe('SHA-256 over the hash before it and the entry'),
});
export type AuditItem = z.infer<typeof AuditItem>;
export const AuditList = listOf(AuditItem);
export type AuditList = z.infer<typeof AuditList>;

export const AuditChain = z.strictObject({
  entries: z.int(),
  head: z.strictObject({ seq: z.int(), hash: z.string() }).describe('The last entry, to be compared elsewhere'),
  problem: z
    .strictObject({ seq: z.int(), detail: z.string() })
    .optional()
    .describe('The first thing that is wrong; absent when every entry is what was written'),
  damage_recorded: z.array(z.int()).describe('Entries in which the log recorded earlier damage to itself'),
});
export type AuditChain = z.infer<typeof AuditChain>;

/** Data of the stream's `state` event. */
export interface StateEvent {
  readonly id: string;
  readonly state: AgentView['state'];
  readonly state_since: string;
  readonly last_seen?: string;
}

/** Data of the stream's `points` event; `points` is there when the client asked for them. */
export interface PointsEvent {
  readonly id: string;
  readonly last_seen?: string;
  readonly values: AgentValues;
  readonly points?: readonly PointView[];
}

/** Data of the stream's `summary` event, sent when the counts change and as a sign of life. */
export interface SummaryEvent extends Summary {
  readonly time: string;
}
