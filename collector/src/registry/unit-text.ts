/** A unit's values as a person writes them, in a cell of a file or after a flag; an empty text takes the value away. */
import type * as z from 'zod';
import { type UnitField, type UnitLink, UnitPatch, type UnitValues } from './unit-values.ts';

const numbers: ReadonlySet<UnitField> = new Set([
  'security_level',
  'declared_servers',
  'declared_gateways',
  'declared_pcs',
]);
/** Between links that are each written `id:kind:carrier:edge`. */
const betweenLinks = ' | ';

/** The value that the text stands for, or everything that is wrong with it. */
export function readUnitField(
  field: UnitField,
  text: string,
): { readonly value: UnitPatch[UnitField] } | { readonly problems: readonly string[] } {
  const result = UnitPatch.shape[field].safeParse(valueFromText(field, text));
  return result.success ? { value: result.data } : { problems: result.error.issues.map(describeIssue) };
}

function describeIssue({ path: [index, key], message }: z.core.$ZodIssue): string {
  return typeof index === 'number' ? `link ${index + 1}: ${String(key ?? '')} ${message}` : message;
}

/** What cannot be read is left as it is: the check says what it should be. */
function valueFromText(field: UnitField, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return field === 'name' ? '' : null;
  if (numbers.has(field)) return /^\d{1,12}$/.test(trimmed) ? Number(trimmed) : trimmed;
  if (field === 'links') return trimmed.split('|').map(linkFromText);
  return text;
}

/** The last part may have colons of its own: it may be an IPv6 address. */
function linkFromText(text: string): unknown {
  const [id = '', kind = '', carrier = '', ...edge] = text.split(':').map((part) => part.trim());
  const address = edge.join(':');
  return { id, kind, ...(carrier !== '' && { carrier }), ...(address !== '' && { edge: address }) };
}

/** The text that stands for the value; texts are equal when the values are. */
export function textOfValue(field: UnitField, values: UnitValues | UnitPatch): string {
  if (field === 'links') return (values.links ?? []).map(linkToText).join(betweenLinks);
  return String(values[field] ?? '');
}

function linkToText({ id, kind, carrier, edge }: UnitLink): string {
  if (edge !== undefined) return `${id}:${kind}:${carrier ?? ''}:${edge}`;
  return carrier === undefined ? `${id}:${kind}` : `${id}:${kind}:${carrier}`;
}
