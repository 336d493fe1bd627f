/** Kinds of units that have words of their own; others, which are data too, are shown as they are written. */
import type { Language } from '../text/dictionary.ts';
import { safeText } from '../text/safe-text.ts';

const kinds: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  province: { vi: 'Tỉnh, thành phố', en: 'Province' },
  department: { vi: 'Sở, ban, ngành', en: 'Department' },
  district: { vi: 'Huyện (cũ)', en: 'District (former)' },
  commune: { vi: 'Xã, phường', en: 'Commune' },
  center: { vi: 'Trung tâm', en: 'Centre' },
  'data-center': { vi: 'Trung tâm dữ liệu', en: 'Data centre' },
  school: { vi: 'Trường học', en: 'School' },
  hospital: { vi: 'Cơ sở y tế', en: 'Hospital' },
};

export const knownKinds: readonly string[] = Object.keys(kinds);

export function kindWords(kind: string, language: Language): string {
  return Object.hasOwn(kinds, kind) ? (kinds[kind]?.[language] ?? kind) : safeText(kind);
}
