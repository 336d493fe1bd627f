/**
 * The tables of one measurement and the statements on them, made from the catalogue.
 *
 * - `head_<measurement>`: points as they arrived, newest last. Appending is all that a write does.
 * - `raw_<measurement>`: settled points, one row a series and time, a column a field.
 * - `five_minutes_<measurement>`, `hour_<measurement>`: per field `min`, `max`, `sum`, `count` and `last` of the values
 *   in a window; texts have `count` and `last` only. A field without a value has count 0 and the rest NULL.
 */
import { fiveMinutes, hour, raw, type Tier, tiers } from './tiers.ts';

export interface TableField {
  readonly name: string;
  readonly type: 'boolean' | 'float' | 'integer' | 'string';
}

/** What a thread needs to know of a measurement; crosses to it as it is. */
export interface TableSpec {
  readonly name: string;
  readonly fields: readonly TableField[];
}

interface Column {
  readonly name: string;
  readonly type: 'INTEGER' | 'REAL' | 'TEXT';
}

const columnTypes = { boolean: 'INTEGER', float: 'REAL', integer: 'INTEGER', string: 'TEXT' } as const;

/** Rows that one statement appends: above and below, a row costs more. */
export const rowsPerInsert = 16;

export function headTable(spec: TableSpec): string {
  return `head_${spec.name}`;
}

export function tierTable(spec: TableSpec, tier: Tier): string {
  return `${tier.name}_${spec.name}`;
}

function fieldColumns(field: TableField, tier: Tier): Column[] {
  const type = columnTypes[field.type];
  if (tier === raw) return [{ name: field.name, type }];
  const numeric: Column[] = [
    { name: `${field.name}.min`, type },
    { name: `${field.name}.max`, type },
    { name: `${field.name}.sum`, type: 'REAL' },
  ];
  return [
    ...(field.type === 'string' ? [] : numeric),
    { name: `${field.name}.count`, type: 'INTEGER' },
    { name: `${field.name}.last`, type },
  ];
}

/** The tables of a measurement: their names, their columns beside the key, and the SQL that creates them. */
export function tablesOf(spec: TableSpec): { name: string; columns: readonly Column[]; create: string }[] {
  const points = columnsOf(spec, raw);
  const head = {
    name: headTable(spec),
    columns: points,
    create: `CREATE TABLE ${headTable(spec)} (series INTEGER NOT NULL, time INTEGER NOT NULL, ${declare(points)})`,
  };
  const settled = tiers.map((tier) => {
    const name = tierTable(spec, tier);
    const columns = columnsOf(spec, tier);
    return { name, columns, create: `CREATE TABLE ${name} ${clustered(columns)}` };
  });
  return [head, ...settled];
}

function columnsOf(spec: TableSpec, tier: Tier): Column[] {
  return spec.fields.flatMap((field) => fieldColumns(field, tier));
}

function clustered(columns: readonly Column[]): string {
  return `(bucket INTEGER NOT NULL, series INTEGER NOT NULL, time INTEGER NOT NULL, ${declare(columns)},
    PRIMARY KEY (bucket, series, time)) WITHOUT ROWID`;
}

function declare(columns: readonly Column[]): string {
  return columns.map((column) => `"${column.name}" ${column.type}`).join(', ');
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

function fieldList(spec: TableSpec): string {
  return list(spec.fields.map((field) => field.name));
}

/** Appends `rows` rows; parameters: series, time and the fields of each. */
export function appendSql(spec: TableSpec, rows: number): string {
  const row = `(${Array(spec.fields.length + 2)
    .fill('?')
    .join(', ')})`;
  return `INSERT INTO ${headTable(spec)} (series, time, ${fieldList(spec)}) VALUES ${Array(rows).fill(row).join(', ')}`;
}

/** What settling keeps between its steps, in memory: points in their new order, and the windows to make anew. */
export function temporaryTables(spec: TableSpec): string {
  const touched = '(bucket, series, PRIMARY KEY (bucket, series)) WITHOUT ROWID';
  return `
    CREATE TEMP TABLE IF NOT EXISTS moving_${spec.name} ${clustered(columnsOf(spec, raw))};
    CREATE TEMP TABLE IF NOT EXISTS touched_raw ${touched};
    CREATE TEMP TABLE IF NOT EXISTS touched_five_minutes ${touched};`;
}

/** The statements of settling; settling.ts says in which order and why. */
export function settlingSql(spec: TableSpec) {
  const head = headTable(spec);
  const moving = `temp.moving_${spec.name}`;
  const columns = `bucket, series, time, ${fieldList(spec)}`;
  // A later point of the same series and time adds and replaces fields.
  const merge = `ON CONFLICT DO UPDATE SET ${spec.fields
    .map(({ name }) => `"${name}" = coalesce(excluded."${name}", "${name}")`)
    .join(', ')}`;
  const slice = '(bucket, series) > (:afterBucket, :afterSeries) AND (bucket, series) <= (:bucket, :series)';
  return {
    clearMoving: `DELETE FROM ${moving}`,
    clearRaw: 'DELETE FROM temp.touched_raw',
    clearFiveMinutes: 'DELETE FROM temp.touched_five_minutes',
    take: `INSERT INTO ${moving} (${columns}) SELECT time / ${raw.bucketMs}, series, time, ${fieldList(spec)} FROM ${head}
      WHERE rowid BETWEEN :first AND :last AND time < :before ORDER BY rowid ${merge}`,
    endOfSlice: `SELECT bucket, series FROM ${moving} WHERE (bucket, series) > (?, ?)
      ORDER BY bucket, series LIMIT 1 OFFSET ?`,
    touchRaw: `INSERT INTO temp.touched_raw SELECT DISTINCT bucket, series FROM ${moving} WHERE ${slice}`,
    move: `INSERT INTO ${tierTable(spec, raw)} (${columns}) SELECT ${columns} FROM ${moving} WHERE ${slice} ${merge}`,
    toFiveMinutes: rollUpSql(spec, { from: raw, to: fiveMinutes }),
    touchFiveMinutes: `INSERT OR IGNORE INTO temp.touched_five_minutes
      SELECT bucket * ${raw.bucketMs} / ${fiveMinutes.bucketMs}, series FROM temp.touched_raw`,
    toHour: rollUpSql(spec, { from: fiveMinutes, to: hour }),
    noteSeen: 'UPDATE series SET seen = :now WHERE seen < :yesterday AND id IN (SELECT series FROM temp.touched_raw)',
    forget: `DELETE FROM ${head} WHERE rowid BETWEEN :first AND :last AND time < :before`,
  };
}

/** Makes the rows of tier `to` anew for every (bucket, series) of `from` in `temp.touched_<from>`. */
function rollUpSql(spec: TableSpec, { from, to }: { from: Tier; to: Tier }): string {
  const source = tierTable(spec, from);
  const names: string[] = [];
  const values: string[] = [];
  for (const field of spec.fields) {
    const column = (aggregate: string) => (from === raw ? `"${field.name}"` : `"${field.name}.${aggregate}"`);
    const last = column('last');
    names.push(...fieldColumns(field, to).map((c) => c.name));
    // total() and not sum(): sums of whole numbers may pass 2^63, and JavaScript reads them as doubles anyway.
    if (field.type !== 'string') {
      values.push(`min(r.${column('min')})`, `max(r.${column('max')})`, `total(r.${column('sum')})`);
    }
    values.push(from === raw ? `count(r.${column('count')})` : `sum(r.${column('count')})`);
    values.push(`(SELECT ${last} FROM ${source} x WHERE x.bucket = t.bucket AND x.series = t.series
      AND ${last} IS NOT NULL ORDER BY x.time DESC LIMIT 1)`);
  }
  return `INSERT OR REPLACE INTO ${tierTable(spec, to)} (bucket, series, time, ${list(names)})
    SELECT t.bucket * ${from.bucketMs} / ${to.bucketMs}, t.series, t.bucket * ${from.bucketMs}, ${values.join(', ')}
    FROM temp.touched_${from.name} t CROSS JOIN ${source} r ON r.bucket = t.bucket AND r.series = t.series
    GROUP BY t.bucket, t.series`;
}

/** Points of one field that have not settled, as they arrived; of all series, or of those in a JSON list. */
export function headSql(spec: TableSpec, field: string, ofSeries: 'all' | 'listed'): string {
  return `SELECT series, time, "${field}" FROM ${headTable(spec)} WHERE time >= :from AND time < :to
    AND "${field}" IS NOT NULL ${ofSeries === 'all' ? '' : 'AND series IN (SELECT value FROM json_each(:series))'}
    ORDER BY rowid`;
}

/** Rows of one series in one bucket: time and value, or time, count, last and, for numbers, min, max and sum. */
export function tierSql(spec: TableSpec, field: TableField, tier: Tier): string {
  const columns = tier === raw ? `"${field.name}"` : list(fieldColumns(field, tier).map((column) => column.name));
  const present = tier === raw ? `"${field.name}" IS NOT NULL` : `"${field.name}.count" > 0`;
  return `SELECT time, ${columns} FROM ${tierTable(spec, tier)}
    WHERE bucket = :bucket AND series = :series AND time >= :from AND time < :to AND ${present} ORDER BY time`;
}
