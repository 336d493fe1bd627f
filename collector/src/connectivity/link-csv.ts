/** The intervals of a report as a CSV file: what is sent to a carrier. */
import type { Evidence } from '../incidents/incident.ts';
import { type Separator, writeCsv } from '../registry/unit-csv.ts';
import type { LinkInterval } from './link-ledger.ts';

const header = ['unit', 'link', 'carrier', 'from', 'to', 'seconds', 'state', 'cause', 'revision', 'evidence'];
const maxEvidence = 1_000;

export function writeLinkCsv(intervals: readonly LinkInterval[], options: { readonly separator: Separator }): string {
  return writeCsv([header, ...intervals.map(rowOf)], options);
}

function rowOf({ unit, link, carrier, from, to = from, state, cause, revision, evidence }: LinkInterval): string[] {
  const seconds = `${Math.round((to - from) / 1_000)}`;
  const times = [from, to].map(localIso);
  const told = evidence.map(describe).join('; ').slice(0, maxEvidence);
  return [unit, link, carrier, ...times, seconds, state, cause, revision ?? '', told];
}

function describe({ at, what, facts }: Evidence): string {
  const known = Object.entries(facts).map(([name, text]) => `${name}: ${text}`);
  return [`${localIso(at)} ${what}`, ...known].join(', ');
}

/** Vietnam's time of day, with its offset: 2026-11-23T14:05:00+07:00. */
function localIso(time: number): string {
  return `${new Date(time + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;
}
