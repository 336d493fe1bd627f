/** Readings of everything in the catalogue by two machines, for tests of the queries of dashboards. */
import type { Measurement, Point } from '@vonggac/shared';
import type { Origin } from '../../collector/src/stores/store.ts';

export const web: Origin = { agent: 'a-0123456789abcdef', host: 'sv-web, phòng 2', unit: 'SO-TTTT', class: 'server' };
export const gateway: Origin = { agent: 'a-fedcba9876543210', host: 'CONG-01', unit: 'XA-01', class: 'gateway' };

/** What lists of trouble look for. */
export const trouble: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  agent_state: { alertable: 1 },
  unit_state: { alertable: 1 },
  unit_link: { state: 0 },
  incident: { open: 1, severity: 2, acknowledged: 0 },
  antivirus_state: { state: 0, signature_age_hours: 200 },
};

/** Tags by which lists choose; the other tags tell the two series apart. */
const listed: Readonly<Record<string, Readonly<Record<string, string>>>> = { incident: { kind: 'outbreak' } };

interface Options {
  readonly value: number;
  /** When the newest was made; one each ten seconds, for ten minutes. */
  readonly newest: number;
  /** How much is added from one reading to the one before, over and over; nothing by default. */
  readonly drift?: number;
}

/** All fields of a measurement, as two series where it has tags. */
export function readingsOf({ name, definition, tagNames }: Measurement, options: Options): Point[] {
  const { value, newest, drift = 0 } = options;
  const instances = tagNames.length === 0 ? ['only'] : ['C:\\', 'first, second'];
  return instances.flatMap((instance) =>
    Array.from({ length: 60 }, (_, index) => ({
      measurement: name,
      tags: Object.fromEntries(tagNames.map((tag) => [tag, listed[name]?.[tag] ?? instance])),
      fields: fieldsOf({ name, definition }, value + (index % 7) * drift),
      time: newest - index * 10_000,
    })),
  );
}

function fieldsOf({ name, definition }: Pick<Measurement, 'definition' | 'name'>, value: number): Point['fields'] {
  return Object.fromEntries(
    Object.entries(definition.fields).map(([field, { type }]) => {
      const wrong = trouble[name]?.[field];
      if (wrong !== undefined) return [field, wrong];
      if (type === 'string') return [field, `${value}`];
      return [field, type === 'boolean' ? value > 50 : value];
    }),
  );
}
