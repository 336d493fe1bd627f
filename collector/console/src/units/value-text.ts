/** A value of a unit in words. */

import { valueWords } from '../text/field-words.ts';
import type { Texts } from '../text/language.tsx';
import { linkTexts } from './link-list.tsx';

interface About {
  readonly field: string;
  readonly texts: Texts;
  readonly nameOf: (code: string) => string;
}

type Link = {
  readonly kind: keyof typeof linkTexts;
  readonly id: string;
  readonly carrier?: string;
  readonly edge?: string;
};

function isLink(value: unknown): value is Link {
  return typeof value === 'object' && value !== null && 'kind' in value && 'id' in value;
}

/** The API's value as a person reads it; undefined for what is not there. */
export function valueText(value: unknown, about: About): string | undefined {
  const { field, texts } = about;
  if (value === null || value === undefined || value === '') return undefined;
  if (Array.isArray(value)) {
    const links = value.filter(isLink).map(({ id, kind, carrier, edge }) => {
      const word = Object.hasOwn(linkTexts, kind) ? texts.t(linkTexts[kind]) : kind;
      return [id, word, carrier, edge].filter(Boolean).join(' · ');
    });
    return links.length === 0 ? undefined : valueWords(links.join('; '), about);
  }
  if (field === 'parent' && typeof value === 'string') {
    const name = about.nameOf(value);
    return name === value ? value : `${name} (${value})`;
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return valueWords(value, { field, texts });
  }
  return undefined;
}
