/** The InfluxQL of a rule. In alert rules Grafana fills in `$timeFilter` and nothing of a dashboard. */
import { originTags, type Rule } from '@vonggac/shared';
import { identifier, literal } from '../queries.ts';

/** One value a minute, however often a machine measures: few rows, and nothing in a dashboard's step changes what fires. */
const bucket = 'time(1m)';

/**
 * Tags that tell the instances of a rule apart; each becomes a label. What is not about a machine is known by its unit
 * only, as in the collector: whoever told of it may change.
 */
export function instanceTags({ scope, query }: Rule): readonly string[] {
  return [...(scope === 'machine' ? originTags : ['unit']), ...query.by];
}

export function alertQuery(rule: Rule): string {
  const { measurement, field, reduce } = rule.query;
  const groups = [bucket, ...instanceTags(rule).map(identifier)].join(', ');
  return [
    `SELECT ${reduce}(${identifier(field)}) FROM ${identifier(measurement)}`,
    `WHERE ${conditions(rule).join(' AND ')}`,
    `GROUP BY ${groups} fill(none)`,
  ].join(' ');
}

function conditions({ query, classes }: Rule): string[] {
  const exact = Object.entries(query.where).map(([tag, value]) => is(tag, value));
  const ofClasses = classes ? [`(${classes.map((each) => is('class', each)).join(' OR ')})`] : [];
  return [...exact, ...ofClasses, '$timeFilter'];
}

function is(tag: string, value: string): string {
  return `${identifier(tag)} = ${literal(value)}`;
}
