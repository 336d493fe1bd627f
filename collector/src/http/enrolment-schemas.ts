/** What the routes of codes and enrolments take and answer. */
import { AgentClass } from '@vonggac/shared';
import * as z from 'zod';
import { useOutcomes } from '../registry/code-uses.ts';
import { codeStates, maxCodeLifeMs, maxUses } from '../registry/enrolment-codes.ts';
import { UnitCode } from '../registry/unit-values.ts';
import { Instant, listOf } from './schemas.ts';

export const dayMs = 86_400_000;

export const IdParams = z.strictObject({ id: z.string() });

export const CodeBody = z.strictObject({
  unit: UnitCode,
  class: z.enum(AgentClass.options),
  uses: z.int().min(1).max(maxUses).default(1).describe('Machines that it is for'),
  expires_days: z
    .number()
    .positive()
    .max(maxCodeLifeMs / dayMs)
    .default(7),
  approve: z.boolean().default(false).describe('Each machine waits until a person accepts it'),
});

export const Code = z.strictObject({
  id: z.string(),
  unit: z.string(),
  class: AgentClass,
  uses: z.int(),
  uses_left: z.int(),
  approve: z.boolean(),
  created_at: Instant,
  created_by: z.string().optional(),
  expires_at: Instant,
  revoked_at: Instant.optional(),
  state: z.enum(codeStates),
});
export type CodeView = z.infer<typeof Code>;
export const CodeList = listOf(Code);

export const NewCodeAnswer = z.strictObject({
  code: Code,
  full: z.string().describe('The form to paste; shown only now'),
  short: z.string().describe('The form for the phone; the address is given apart. Shown only now'),
  addresses: z.array(z.string()).describe('Where machines reach the collector: `host:port`'),
});
export type NewCodeAnswer = z.infer<typeof NewCodeAnswer>;

const CodeUse = z.strictObject({
  id: z.int(),
  at: Instant,
  outcome: z.enum(useOutcomes),
  address: z.string().describe('Seen by the collector'),
  hostname: z.string().describe('What the machine calls itself: nothing to trust'),
  agent: z.string().optional().describe('The machine that came of it'),
});
export type CodeUseView = z.infer<typeof CodeUse>;
export const CodeUseList = listOf(CodeUse);

const Enrolment = z.strictObject({
  id: z.string(),
  code: z.string().describe('Id of the code that the machine has proven'),
  unit: z.string(),
  class: AgentClass,
  hostname: z.string().describe('Like platform, system, version and addresses what the machine says: nothing to trust'),
  platform: z.string(),
  system: z.string().optional().describe('Name and version of the operating system'),
  version: z.string(),
  address: z.string().describe('Seen by the collector'),
  addresses: z.array(z.string()).describe("The machine's own"),
  key_fingerprint: z.string().describe('To be compared with the one that the machine shows'),
  asked_at: Instant,
  last_asked_at: Instant,
});
export type EnrolmentView = z.infer<typeof Enrolment>;
export const EnrolmentList = listOf(Enrolment);

export const AcceptAnswer = z.strictObject({ agent: z.string().describe('Id of the machine from now on') });
