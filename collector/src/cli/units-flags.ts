/** The flags of `vonggac units` as values. */

import { readUnitField } from '../registry/unit-text.ts';
import type { When } from '../registry/unit-timeline.ts';
import { endOf, startOf, UnitDay } from '../registry/unit-times.ts';
import { UnitCode, type UnitField, type UnitPatch, unitFields } from '../registry/unit-values.ts';
import { type Arguments, UsageError } from './command.ts';

function flagOf(field: UnitField): string {
  return field.replaceAll('_', '-');
}

/** One flag for each attribute of a unit. */
export const attributeFlags: readonly string[] = unitFields.map(flagOf);

/** The attributes that are given, or a UsageError that names all that are wrong. */
export function readAttributes(args: Arguments): UnitPatch {
  const patch: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const field of unitFields) {
    const text = args.flags[flagOf(field)];
    if (typeof text !== 'string') continue;
    const result = readUnitField(field, text);
    if ('value' in result) patch[field] = result.value;
    else problems.push(...result.problems.map((problem) => `--${flagOf(field)} ${problem}`));
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return patch as UnitPatch;
}

/** A code that a person typed for a new unit. */
export function readNewCode(text: string): string {
  const result = UnitCode.safeParse(text);
  if (!result.success) throw new UsageError(`a unit code ${result.error.issues[0]?.message}`);
  return result.data;
}

/** `--from`: the beginning of the day, or now. */
export function readWhen(args: Arguments): When {
  const day = readDay(args, 'from');
  return { from: day === undefined ? undefined : startOf(day), now: Date.now() };
}

/** `--at`: the end of the day, undefined for now. */
export function readAt(args: Arguments): number | undefined {
  const day = readDay(args, 'at');
  return day === undefined ? undefined : endOf(day);
}

function readDay(args: Arguments, flag: string): string | undefined {
  const text = args.flags[flag];
  if (typeof text !== 'string') return undefined;
  const result = UnitDay.safeParse(text);
  if (!result.success) throw new UsageError(`--${flag} ${result.error.issues[0]?.message}`);
  return result.data;
}
