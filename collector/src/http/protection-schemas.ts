/** What the routes of protection and malware answer. */
import { AgentClass, agentStates } from '@vonggac/shared';
import * as z from 'zod';
import { levelNames } from '../protection/compliance.ts';
import { findingLevels, ruleNames } from '../protection/rules.ts';
import { Instant, listOf } from './schemas.ts';

export const Level = z.enum(levelNames);

const Finding = z.strictObject({
  rule: z.enum(ruleNames),
  level: z.enum(findingLevels),
  product: z.string().optional(),
  since: Instant,
  evidence: z.record(z.string(), z.string()).describe('Much of it was said by machines: nothing to trust'),
});

const Product = z.strictObject({
  product: z.string(),
  name: z.string().optional(),
  version: z.string().optional(),
  read_state: z.string(),
  running: z.boolean().optional(),
  realtime: z.boolean().optional(),
  realtime_proven: z.boolean().optional(),
  mode: z.string().optional(),
  signature_version: z.string().optional(),
  signature_at: Instant.optional().describe("The product's own date"),
  managed: z.boolean().optional(),
  management_server: z.string().optional(),
  licence_status: z.string().optional(),
  active_threats: z.int().optional(),
  problem: z.string().optional(),
  orphan: z.boolean().optional(),
  read_at: Instant,
});

const Machine = z.strictObject({
  agent: z.string(),
  hostname: z.string(),
  unit: z.string(),
  class: AgentClass,
  state: z.enum(agentStates),
  level: Level,
  level_since: Instant,
  proof_at: Instant.optional().describe('When its protection was read last'),
  signature_age_hours: z.number().optional().describe('Of what protects it, when it was read last'),
  findings: z.array(Finding).describe('The gravest first'),
  products: z.array(Product).describe('What the machine said last, whether it holds or not'),
});
export type ProtectionView = z.infer<typeof Machine>;

export const ProtectionList = listOf(Machine).extend({
  counts: z.record(Level, z.int()).describe('By level, whatever `level` was asked for'),
});

const Counts = z.strictObject({
  declared: z.int().optional().describe('Absent when the unit has declared nothing'),
  enrolled: z.int(),
  protected: z.int(),
  attention: z.int(),
  unprotected: z.int(),
  unknown: z.int(),
  missing: z.int().describe('Declared and without an agent, by class'),
  protected_percent: z
    .number()
    .optional()
    .describe('Of those enrolled and those missing; absent when nothing is declared'),
  not_updated_15_days: z.int(),
});
export type CountsView = z.infer<typeof Counts>;

export const UnitProtectionList = listOf(
  z.strictObject({
    unit: z.string(),
    own: Counts.describe("The unit's own machines"),
    total: Counts.describe('With all units below it'),
  }),
);

const Detection = z.strictObject({
  id: z.int(),
  agent: z.string(),
  hostname: z.string(),
  unit: z.string().describe('Of the machine when it told of it'),
  class: AgentClass,
  product: z.string(),
  name: z.string(),
  threat: z.string().describe('The name in the form in which it is compared'),
  severity: z.string(),
  category: z.string().optional(),
  object: z.string().optional(),
  object_kind: z.string().optional(),
  action: z.string().optional(),
  resolved: z.boolean().optional(),
  error_code: z.string().optional(),
  process: z.string().optional(),
  sha256: z.string().optional(),
  origin: z.string().optional(),
  detected_at: Instant,
  received_at: Instant,
  updated_at: Instant.optional().describe('When the machine told more of it'),
});
export type DetectionView = z.infer<typeof Detection>;
export const MalwareList = listOf(Detection);
