/**
 * What is known of a unit, and what each value may be. The keys are one vocabulary: columns of the CSV file and of the
 * table, keys of the API and, with dashes, flags of the command.
 */
import { isIPv4, isIPv6 } from 'node:net';
import * as z from 'zod';

const maxCount = 1_000_000;
const maxLinks = 8;
/** Digits of an extension, of several numbers, of an emergency number: all of them are telephone numbers here. */
const phoneDigits = { least: 3, most: 40 };
/** Control, invisible and direction-changing characters: they forge what a person reads and break what a program reads. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;

/** Far longer than any value may be. Composing takes time with the square of the length: minutes for a megabyte. */
const tidiedAtMost = 2_000;

/** One form for texts that look the same: composed letters, plain spaces, none at the ends. */
function tidy(text: string): string {
  if (text.length > tidiedAtMost) return text;
  return text
    .normalize('NFC')
    .replace(/\p{Zs}+/gu, ' ')
    .trim();
}

/** What the first character is that nobody sees, or undefined. */
function unseenIn(text: string): string | undefined {
  const found = unseen.exec(text)?.[0];
  if (found === undefined) return undefined;
  if (found === '\n' || found === '\r') return 'has a line break: write it in one line';
  const point = found.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return `has a character that cannot be seen (U+${point}): type it anew`;
}

function text(maximum: number) {
  return z
    .string('is a text')
    .overwrite(tidy)
    .min(1, 'is missing')
    .max(maximum, `has at most ${maximum} characters`)
    .superRefine((value, context) => {
      const message = unseenIn(value);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    });
}

function slug(example: string) {
  return z
    .string('is a text')
    .overwrite(tidy)
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, `has 1 to 32 small letters without marks, digits and dashes, as in ${example}`);
}

function whole(least: number, most: number) {
  const message = `is a whole number from ${least} to ${most}`;
  return z.int(message).min(least, message).max(most, message);
}

export const UnitCode = z
  .string('is a text')
  .overwrite(tidy)
  .regex(/^[A-Z0-9][A-Z0-9-]{0,31}$/, 'has 1 to 32 capital letters without marks, digits and dashes, as in QB-STTTT');

const Phone = text(60)
  .regex(
    /^[\p{L}\p{M}\d +().,/;:#*-]*$/u,
    'is a telephone number: letters, digits, spaces and + ( ) . - / , ; : # * only',
  )
  .refine((value) => {
    const digits = value.replace(/\D/g, '').length;
    return digits >= phoneDigits.least && digits <= phoneDigits.most;
  }, `is a telephone number with ${phoneDigits.least} to ${phoneDigits.most} digits`);

/** The last label has a letter, so that a wrong address is not taken for a name. */
const hostName =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

function isHost(value: string): boolean {
  return isIPv4(value) || (isIPv6(value) && !value.includes('%')) || hostName.test(value);
}

/** A line to the outside: `tslcd` is the government's own network. */
export const UnitLink = z.strictObject({
  id: slug('tslcd-1'),
  kind: z.enum(['tslcd', 'internet'], 'is tslcd or internet'),
  carrier: text(60)
    .regex(/^[^:|]*$/, 'has neither ":" nor "|"')
    .optional(),
  edge: text(253)
    .toLowerCase()
    .refine(isHost, 'is an IP address or a host name')
    .optional()
    .describe("Address of the unit's edge, as the collector reaches it"),
});
export type UnitLink = z.infer<typeof UnitLink>;

const Links = z
  .array(UnitLink, 'is a list of links')
  .max(maxLinks, `has at most ${maxLinks} links`)
  .refine((links) => new Set(links.map(({ id }) => id)).size === links.length, 'names a link twice');

/** Values to set; null takes one away, an absent one stays as it is. */
export const UnitPatch = z.strictObject({
  name: text(200).optional(),
  parent: UnitCode.nullish().describe('Code of the unit above'),
  kind: slug('commune').nullish(),
  contact_name: text(100).nullish(),
  contact_phone: Phone.nullish(),
  location: text(300).nullish(),
  security_level: whole(1, 5).nullish().describe('Level of information security by law'),
  declared_servers: whole(0, maxCount).nullish(),
  declared_gateways: whole(0, maxCount).nullish(),
  declared_pcs: whole(0, maxCount).nullish(),
  links: Links.nullish(),
  calendar: slug('gio-hanh-chinh').nullish().describe('Name of the calendar of working hours'),
  note: text(500).nullish(),
});
export type UnitPatch = z.infer<typeof UnitPatch>;

export const NewUnit = UnitPatch.extend({ code: UnitCode, name: text(200) });
export type NewUnit = z.infer<typeof NewUnit>;

export type UnitField = keyof UnitPatch;
/** In the order in which they are shown. */
export const unitFields = Object.keys(UnitPatch.shape) as readonly UnitField[];

type Known<T> = { readonly [K in keyof T]?: NonNullable<T[K]> };

/** A unit's attributes; what is not known is absent. */
export type UnitValues = Known<UnitPatch> & { readonly name: string };

/** The values after the patch. */
export function withPatch(values: UnitValues, patch: UnitPatch): UnitValues {
  const entries = Object.entries({ ...values, ...definedIn(patch) });
  return Object.fromEntries(entries.filter(([, value]) => isKnown(value))) as unknown as UnitValues;
}

function definedIn(patch: UnitPatch): UnitPatch {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

function isKnown(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined;
}
