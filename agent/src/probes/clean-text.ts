import { limits } from '@vonggac/shared';

/**
 * Control and format characters (Unicode general category C) and line separators: terminal escapes, line breaks, and
 * marks that reverse the direction of writing and make one name look like another.
 */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/** Text that came from the machine or a program, made fit for a tag or a field: one printable line, not too long. */
export function cleanText(text: string): string {
  return text.replace(unprintable, ' ').trim().slice(0, limits.text).toWellFormed();
}

/** The beginning of a text that made no sense, for an error message. */
export function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
