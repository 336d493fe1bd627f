import { expect, test } from 'vitest';
import { dictionary, languages, translator } from './dictionary.ts';

function namesIn(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();
}

test.each(Object.entries(dictionary))('%s says the same in both languages', (_, texts) => {
  for (const language of languages) expect(texts[language].trim()).not.toBe('');
  expect(namesIn(texts.en)).toEqual(namesIn(texts.vi));
});

test('values are put in as they are', () => {
  const t = translator('vi');
  expect(t('pageRange', { from: '1', to: '100', total: '7.300' })).toBe('1–100 trong 7.300 máy');
  expect(t('fullestDisk', { mount: '{total} $&' })).toBe('Ổ đầy nhất: {total} $&');
});
