/** `vonggac units import` and `export`. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { recordCommand } from '../registry/audit-commands.ts';
import { auditImport } from '../registry/unit-audit.ts';
import { separators } from '../registry/unit-csv.ts';
import { maxFileBytes, readUnitFile, writeUnitFile } from '../registry/unit-file.ts';
import type { FieldChange, ImportPlan } from '../registry/unit-import.ts';
import { textOfValue } from '../registry/unit-text.ts';
import { type UnitField, unitFields } from '../registry/unit-values.ts';
import type { Units } from '../registry/units.ts';
import { type Arguments, CommandFailed, exitCodes, plain, print, UsageError } from './command.ts';
import { readAt, readWhen } from './units-flags.ts';
import { unitAsJson } from './units-list.ts';

/** Prints the plan, the same for a trial and in earnest, and carries it out unless it has problems. */
export function importUnits(args: Arguments, units: Units): number {
  const name = args.positionals[0] ?? '';
  const bytes = readBytes(name);
  const file = readUnitFile(bytes);
  const dry = args.flags['dry-run'] === true;
  const when = readWhen(args);
  const plan = dry ? units.planImport(file, when) : units.import(file, when);
  const { added, changed, unchanged, notInFile: not_in_file, problems } = plan;
  const written = !dry && problems.length === 0;
  if (written && added.length + changed.length > 0) {
    recordCommand(args.config.data, { action: 'unit.import', subject: name, ...auditImport(plan, bytes) });
  }
  print(args, {
    value: { written, added, changed, unchanged, not_in_file, problems },
    text: [...planAsText(plan), endingOf(plan, { dry, written })].join('\n'),
  });
  if (problems.length === 0) return exitCodes.done;
  throw new CommandFailed(
    `the file has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}: correct it and import it again`,
  );
}

function endingOf(plan: ImportPlan, how: { dry: boolean; written: boolean }): string {
  if (!how.written) return `nothing was written${how.dry ? ' (--dry-run)' : ''}`;
  return plan.added.length + plan.changed.length === 0 ? 'nothing to write' : 'written';
}

function readBytes(file: string): Uint8Array {
  try {
    // Checked before the file is read: it may be anything.
    if (statSync(file).size > maxFileBytes) throw new CommandFailed(`${file} has more than ${maxFileBytes} bytes`);
    return readFileSync(file);
  } catch (cause) {
    if (cause instanceof CommandFailed) throw cause;
    throw new CommandFailed(`cannot read ${file} (${(cause as Error).message})`, { cause });
  }
}

function planAsText(plan: ImportPlan): string[] {
  return [
    ...section('added', plan.added, ({ line, code, name, values }) => {
      const rest = unitFields.filter((field) => field !== 'name' && values[field] !== undefined);
      const texts = rest.map((field) => `${field} ${shown(field, values[field])}`);
      return `line ${line}: ${code} "${name}"${texts.length > 0 ? `, ${texts.join(', ')}` : ''}`;
    }),
    ...section('changed', plan.changed, ({ line, code, name, changes }) => {
      return `line ${line}: ${code} "${name}", ${changes.map(changeAsText).join(', ')}`;
    }),
    `unchanged: ${plan.unchanged.length}`,
    ...section('not in the file, left as they are', plan.notInFile, ({ code, name }) => `${code} "${name}"`),
    ...section('problems', plan.problems, ({ line, column, detail }) => {
      return `${line === null ? 'file' : `line ${line}`}${column === null ? '' : `, ${column}`}: ${detail}`;
    }),
  ];
}

function section<T>(title: string, items: readonly T[], text: (item: T) => string): string[] {
  return [`${title}: ${items.length}`, ...items.map((item) => `  ${plain(text(item))}`)];
}

function changeAsText({ field, before, after }: FieldChange): string {
  return `${field} ${shown(field, before)} -> ${shown(field, after)}`;
}

function shown(field: UnitField | 'valid_from', value: unknown): string {
  if (value === null || value === undefined) return '(none)';
  if (typeof value === 'number') return String(value);
  return `"${field === 'valid_from' ? String(value) : textOfValue(field, { [field]: value })}"`;
}

export function exportUnits(args: Arguments, units: Units): number {
  const separator = separators.find((known) => known === (args.flags.separator ?? ','));
  if (separator === undefined) throw new UsageError(`--separator is one of ${separators.join(' ')}`);
  const all = units.list(readAt(args));
  const text = writeUnitFile(all, { separator });
  const file = args.positionals[0];
  if (file === undefined) {
    process.stdout.write(args.json ? `${JSON.stringify({ items: all.map(unitAsJson), next: null })}\n` : text);
    return exitCodes.done;
  }
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    throw new CommandFailed(`cannot write ${file} (${(cause as Error).message})`, { cause });
  }
  print(args, { value: { file, units: all.length }, text: `${all.length} units written to ${file}` });
  return exitCodes.done;
}
