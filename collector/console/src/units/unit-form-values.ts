/** The values of a unit as the form has them, and what to send of them. */
import type { UnitDetails } from '../../../src/http/schemas.ts';
import type { UnitField, UnitLink, UnitPatch } from '../../../src/registry/unit-values.ts';

const numbers = ['security_level', 'declared_servers', 'declared_gateways', 'declared_pcs'] as const;
const texts = ['parent', 'kind', 'contact_name', 'contact_phone', 'location', 'calendar', 'note'] as const;

/** A link as it is typed: an empty text stands for what is not known. */
export interface TypedLink {
  readonly id: string;
  readonly kind: UnitLink['kind'];
  readonly carrier: string;
  readonly edge: string;
}

export function typedLinks(unit: Pick<UnitDetails, 'links'> | undefined): TypedLink[] {
  return (unit?.links ?? []).map(({ id, kind, carrier = '', edge = '' }) => ({ id, kind, carrier, edge }));
}

/** Every value of the form; null for what is empty. */
export function readUnitForm(form: Pick<FormData, 'get'>, links: readonly TypedLink[]): UnitPatch {
  const textOf = (name: string) => String(form.get(name) ?? '').trim();
  const values: Record<string, unknown> = { name: textOf('name') };
  for (const name of texts) values[name] = textOf(name) || null;
  for (const name of numbers) values[name] = textOf(name) === '' ? null : Number(textOf(name));
  values.links = links.map(({ id, kind, carrier, edge }) => ({
    id: id.trim(),
    kind,
    ...(carrier.trim() !== '' && { carrier: carrier.trim() }),
    ...(edge.trim() !== '' && { edge: edge.trim() }),
  }));
  return values as UnitPatch;
}

/** Only what differs: what was not touched must not be written over what someone else wrote meanwhile. */
export function changesOf(before: UnitDetails, after: UnitPatch): UnitPatch {
  const fields = Object.keys(after) as UnitField[];
  const changed = fields.filter((field) => {
    const [old, fresh] = [before[field] ?? (field === 'links' ? [] : null), after[field] ?? null];
    return JSON.stringify(old) !== JSON.stringify(fresh);
  });
  return Object.fromEntries(changed.map((field) => [field, after[field]])) as UnitPatch;
}

/** What a new unit is made with: only what is known. */
export function knownOf(values: UnitPatch): UnitPatch {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  ) as UnitPatch;
}
