/** The answers of the scripts, strangers' data: a value of the wrong kind is left out. */
import { quote } from '../clean-text.ts';

export type Fields = Readonly<Record<string, unknown>>;

/**
 * The object that a script printed. Noise of PowerShell (`#< CLIXML`, progress, warnings) before or after it is passed
 * over. Throws when there is none.
 */
export function parseAnswer(text: string): Fields {
  for (const line of text.split(/\r?\n/)) {
    const begin = line.trim();
    if (!begin.startsWith('{')) continue;
    const value = parseJson(begin);
    if (value !== undefined) return value;
  }
  const whole = parseJson(text);
  if (whole === undefined) throw new Error(`PowerShell printed no answer: ${quote(text.trim())}`);
  return whole;
}

function parseJson(text: string): Fields | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function objectOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

/** ConvertTo-Json makes of a list with one element that element, of an empty one an empty string, and may wrap it. */
export function listOf(value: unknown): Fields[] {
  const inner = objectOf(value)?.value ?? value;
  const list: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
  return list.flatMap((one) => {
    const fields = objectOf(one);
    return fields === undefined ? [] : [fields];
  });
}

export function booleanOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim() || undefined : undefined;
}

/** A whole number of 0 or more. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
