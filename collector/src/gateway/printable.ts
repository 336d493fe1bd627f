import { limits } from '@vonggac/shared';

/**
 * What a machine says of itself, fit to be shown, logged and stored as a tag: without control and direction marks, lone
 * surrogates and line separators. A name with such characters is odd but no reason to refuse a machine.
 */
export function printable(text: string): string {
  return text
    .slice(0, limits.text)
    .toWellFormed()
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')
    .trim();
}
