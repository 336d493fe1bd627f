/** What a rule asks for, told like any other question to the data source. */
import { fieldOf, measurementByName, originTags, type Rule } from '@vonggac/shared';
import type { Selection } from '../queries.ts';

/**
 * Tags that tell the instances of a rule apart; each becomes a label. What is not about a machine is known by its unit
 * only, as in the collector: whoever told of it may change.
 */
export function instanceTags({ scope, query }: Rule): readonly string[] {
  return [...(scope === 'machine' ? originTags : ['unit']), ...query.by];
}

/** Not by `select`: the names of a rule have been checked where it was written. */
export function alertSelection(rule: Rule): Selection {
  const { field, reduce, where } = rule.query;
  const measurement = measurementByName(rule.query.measurement);
  const definition = measurement && fieldOf(measurement, field);
  if (!measurement || !definition) throw new Error(`rule "${rule.id}" reads what the catalogue lacks`);
  const exact = Object.entries(where).map(([tag, value]): Selection['where'][number] => [tag, [value]]);
  return {
    measurement,
    columns: [{ field, aggregate: reduce, definition }],
    by: instanceTags(rule),
    chosen: [],
    where: rule.classes ? [...exact, ['class', rule.classes]] : exact,
    ofLast: [],
    only: [],
  };
}
