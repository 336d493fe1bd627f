/** `vonggac units list` and `show`: the tree, and the life of one unit. */
import type { Unit } from '../registry/unit-rows.ts';
import { textOfValue } from '../registry/unit-text.ts';
import { fieldsChanged, spansOf, type UnitTimeline } from '../registry/unit-timeline.ts';
import { formatUnitTime } from '../registry/unit-times.ts';
import { inTreeOrder } from '../registry/unit-tree.ts';
import { type UnitValues, unitFields } from '../registry/unit-values.ts';
import type { Units } from '../registry/units.ts';
import { type Arguments, exitCodes, plain, print, table } from './command.ts';
import { readAt } from './units-flags.ts';

const header = ['UNIT', 'CODE', 'KIND', 'LEVEL', 'SERVERS', 'GATEWAYS', 'PCS', 'CONTACT'];

export function listUnits(args: Arguments, units: Units): number {
  const at = readAt(args);
  const all = units.list(at);
  const rows = inTreeOrder(all).map(({ unit, level }) => [
    `${'  '.repeat(level)}${unit.name}`,
    unit.code,
    unit.kind ?? '',
    textOfValue('security_level', unit),
    textOfValue('declared_servers', unit),
    textOfValue('declared_gateways', unit),
    textOfValue('declared_pcs', unit),
    [unit.contact_name, unit.contact_phone].filter((part) => part !== undefined).join(', '),
  ]);
  const none = at === undefined ? 'no units yet' : `no units on ${formatUnitTime(at).slice(0, 10)}`;
  print(args, {
    value: { items: all.map(unitAsJson), next: null },
    text: all.length === 0 ? none : tableOfKnown(rows),
  });
  return exitCodes.done;
}

/** Without the columns in which no unit has anything. */
function tableOfKnown(rows: readonly (readonly string[])[]): string {
  const isKnown = (column: number) => rows.some((row) => row[column] !== '');
  const known = (cells: readonly string[]) => cells.filter((_, column) => isKnown(column));
  return table(known(header), rows.map(known));
}

/** Every key is there, null where nothing is known. */
export function unitAsJson(unit: Unit): Record<string, unknown> {
  return {
    code: unit.code,
    ...valuesAsJson(unit),
    valid_from: new Date(unit.valid_from).toISOString(),
    valid_to: unit.valid_to === undefined ? null : new Date(unit.valid_to).toISOString(),
  };
}

function valuesAsJson(values: UnitValues): Record<string, unknown> {
  return Object.fromEntries(unitFields.map((field) => [field, values[field] ?? (field === 'links' ? [] : null)]));
}

export function showUnit(args: Arguments, units: Units): number {
  const timeline = units.history(args.positionals[0] ?? '');
  const spans = spansOf(timeline);
  print(args, {
    value: {
      code: timeline.code,
      retired_at: timeline.until === undefined ? null : new Date(timeline.until).toISOString(),
      successor: timeline.successor ?? null,
      versions: spans.map(({ from, to, values }) =>
        unitAsJson({ ...values, code: timeline.code, valid_from: from, valid_to: to }),
      ),
    },
    text: lifeAsText(timeline),
  });
  return exitCodes.done;
}

function lifeAsText(timeline: UnitTimeline): string {
  const lines = [timeline.code];
  let before: UnitValues = { name: '' };
  for (const { from, values } of spansOf(timeline)) {
    lines.push(`from ${formatUnitTime(from)}:`);
    for (const field of fieldsChanged(before, values)) {
      const [old, now] = [textOfValue(field, before), textOfValue(field, values) || '(none)'];
      lines.push(`  ${field.padEnd(17)}  ${plain(now)}${old === '' ? '' : `  (was: ${plain(old)})`}`);
    }
    before = values;
  }
  if (timeline.until !== undefined) {
    const successor = timeline.successor === undefined ? '' : `, part of ${timeline.successor} since`;
    lines.push(`retired on ${formatUnitTime(timeline.until)}${successor}`);
  }
  return lines.join('\n');
}
