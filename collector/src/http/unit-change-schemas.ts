/** What the routes that change units take and answer. */
import * as z from 'zod';
import { UnitDay } from '../registry/unit-times.ts';
import { NewUnit, UnitCode, UnitPatch } from '../registry/unit-values.ts';

const From = UnitDay.optional().describe('The day in Vietnam from which it holds, as in 2025-07-01; absent for now');

export const AddBody = NewUnit.extend({ from: From });
export const ChangeBody = UnitPatch.extend({ from: From });
export const RetireBody = z.strictObject({ into: UnitCode.optional().describe('The successor'), from: From });

export const CodeParams = z.strictObject({ code: z.string() });

export const ImportQuery = z.strictObject({
  dry_run: z.enum(['true', 'false']).default('false').describe('Show the plan, write nothing'),
  from: From,
});
export const ImportBody = z.custom<Buffer>((body) => Buffer.isBuffer(body), 'is a CSV file, sent as text/csv');

export const RetirementAnswer = z.strictObject({
  code: z.string(),
  into: z.string().optional(),
  retired_at: z.iso.datetime(),
  moved_units: z.array(z.string()).describe('Codes of the units that stand below the successor now'),
  moved_agents: z.array(z.string()).describe('Ids of the machines that belong to the successor now'),
  moved_codes: z.int().describe('Enrolment codes that are for the successor now'),
  revoked_codes: z.int(),
});
export type RetirementAnswer = z.infer<typeof RetirementAnswer>;

const Named = z.strictObject({ code: z.string(), name: z.string() });
const Row = Named.extend({ line: z.int() });
/** A text, a number or a list of links, as the unit has it. */
const Value = z.unknown();

export const ImportAnswer = z.strictObject({
  written: z.boolean(),
  added: z.array(Row.extend({ values: z.record(z.string(), Value) })),
  changed: z.array(
    Row.extend({ changes: z.array(z.strictObject({ field: z.string(), before: Value, after: Value })) }),
  ),
  unchanged: z.array(Row),
  not_in_file: z.array(Named).describe('Units that stay as they are'),
  problems: z.array(z.strictObject({ line: z.int().nullable(), column: z.string().nullable(), detail: z.string() })),
});
export type ImportAnswer = z.infer<typeof ImportAnswer>;
