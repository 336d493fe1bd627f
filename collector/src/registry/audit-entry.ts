/** One entry of the audit log: what goes in, how it is made harmless, and how entries are chained. */
import { createHash } from 'node:crypto';

export type AuditValues = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Who did what to what, from where, and what it was before and after. */
export interface AuditEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: string;
  /** `command`, or the address of a browser or program. */
  readonly source: string;
  /** Thing and verb: `token.create`. */
  readonly action: string;
  readonly subject?: string | undefined;
  readonly before?: AuditValues | undefined;
  readonly after?: AuditValues | undefined;
}

/** An entry as it is stored and hashed; `before` and `after` are JSON. */
export interface AuditEntry {
  readonly seq: number;
  readonly time: number;
  readonly actor: string;
  readonly source: string;
  readonly action: string;
  readonly subject: string | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly hash: string;
}

const maxText = 200;
const maxValues = 20;

/**
 * Text from anyone, fit to be kept for ever: cut, well-formed (SQLite would change half a surrogate pair, and with it
 * the hash), and without control and bidirectional characters.
 */
export function cleanText(text: string): string {
  return (
    text
      .slice(0, maxText)
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '\ufffd')
  );
}

/** Sorted by key, so that equal values are equal texts. */
function toJson(values: AuditValues | undefined): string | null {
  if (!values) return null;
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  const clean = known
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, maxValues)
    .map(([key, value]) => [cleanText(key), typeof value === 'string' ? cleanText(value) : value]);
  return JSON.stringify(Object.fromEntries(clean));
}

/** The hash of an entry: SHA-256 over the hash before it and the entry as an array, which has only one JSON form. */
export function hashEntry(previous: string, entry: Omit<AuditEntry, 'hash'>): string {
  const { seq, time, actor, source, action, subject, before, after } = entry;
  const canonical = JSON.stringify([seq, time, actor, source, action, subject, before, after]);
  return createHash('sha256').update(`${previous}\n${canonical}`).digest('hex');
}

/** What the first entry is chained to: an empty log of this identity. */
export function anchorOf(logId: string): string {
  return createHash('sha256').update(`vonggac audit log v1\n${logId}`).digest('hex');
}

/** Makes the entry that follows the one with hash `previous`. */
export function chainEntry(event: AuditEvent, after: { readonly seq: number; readonly hash: string }): AuditEntry {
  const entry = {
    seq: after.seq + 1,
    time: Math.trunc(event.at),
    actor: cleanText(event.actor),
    source: cleanText(event.source),
    action: cleanText(event.action),
    subject: event.subject === undefined ? null : cleanText(event.subject),
    before: toJson(event.before),
    after: toJson(event.after),
  };
  return { ...entry, hash: hashEntry(after.hash, entry) };
}
