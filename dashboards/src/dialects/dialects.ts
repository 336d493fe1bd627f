import type { Dialect, DialectName } from './dialect.ts';
import { influxql } from './influxql.ts';
import { promql } from './promql.ts';

export const dialects: Readonly<Record<DialectName, Dialect>> = { influxql, promql };
