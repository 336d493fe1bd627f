/** What one end of a line says of it, as the collector writes it into evidence, in words. */
import { writeCheckError } from '../text/check-errors.ts';
import type { Language } from '../text/dictionary.ts';
import type { Format } from '../text/format.ts';
import { safeText } from '../text/safe-text.ts';

type Words = Readonly<Record<Language, string>>;

const states: Readonly<Record<string, Words>> = {
  answers: { vi: 'trả lời', en: 'answers' },
  silent: { vi: 'không trả lời', en: 'silent' },
  'not checked': { vi: 'không kiểm tra', en: 'not checked' },
};

/** `silent, since 2026-01-05T08:00:00.000Z, timeout, 12 ms, 100 % lost (a-1)`; what is not known is left as it is. */
export function readingWords(
  text: string,
  { language, format }: { readonly language: Language; readonly format: Pick<Format, 'moment' | 'number'> },
): string {
  const [, parts = text, who = ''] = /^(.*?)( \([^()]*\))?$/s.exec(text) ?? [];
  const isVietnamese = language === 'vi';
  const words = parts.split(', ').map((part) => {
    if (Object.hasOwn(states, part)) return states[part]?.[language];
    const [, since] = /^since (\d{4}-\d\d-\d\dT[\d:.]+Z)$/.exec(part) ?? [];
    if (since !== undefined) return `${isVietnamese ? 'từ' : 'since'} ${format.moment(Date.parse(since))}`;
    const [, lost] = /^(\d+(?:\.\d+)?) % lost$/.exec(part) ?? [];
    if (lost !== undefined) {
      const percent = format.number(Number(lost), 1);
      return isVietnamese ? `mất ${percent}% gói` : `${percent}% lost`;
    }
    const [, ms] = /^(\d+(?:\.\d+)?) ms$/.exec(part) ?? [];
    return ms === undefined ? writeCheckError(part, language) : `${format.number(Number(ms), 1)} ms`;
  });
  return words.join(', ') + safeText(who);
}
