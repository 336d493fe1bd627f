import { expect, test } from 'vitest';
import { accountTexts } from '../account/account-texts.ts';
import { auditTexts } from '../audit/audit-texts.ts';
import { gapTexts } from '../charts/gap-texts.ts';
import { codeTexts } from '../codes/code-texts.ts';
import { connectivityTexts } from '../connectivity/connectivity-texts.ts';
import { incidentTexts } from '../incidents/incident-texts.ts';
import { linkPageTexts } from '../links/link-texts.ts';
import { peopleTexts } from '../people/people-texts.ts';
import { protectionTexts } from '../protection/protection-texts.ts';
import { serviceTexts } from '../services/service-texts.ts';
import { signInTexts } from '../sign-in/sign-in-texts.ts';
import { deviceTexts } from '../units/device-texts.ts';
import { unitTexts } from '../units/unit-texts.ts';
import { dictionary, languages, translator } from './dictionary.ts';

function namesIn(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();
}

test.each(Object.entries(dictionary))('%s says the same in both languages', (_, texts) => {
  for (const language of languages) expect(texts[language].trim()).not.toBe('');
  expect(namesIn(texts.en)).toEqual(namesIn(texts.vi));
});

test('no page has a text of the same name as another', () => {
  const parts = [
    accountTexts,
    auditTexts,
    codeTexts,
    connectivityTexts,
    deviceTexts,
    gapTexts,
    incidentTexts,
    linkPageTexts,
    peopleTexts,
    protectionTexts,
    serviceTexts,
    signInTexts,
    unitTexts,
  ];
  const keys = parts.flatMap((part) => Object.keys(part));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  // One in the common part would have taken the place of a page's own.
  for (const part of parts) expect(dictionary).toMatchObject(part);
});

test('values are put in as they are', () => {
  const t = translator('vi');
  expect(t('pageRange', { from: '1', to: '100', total: '7.300' })).toBe('1–100 trong 7.300 máy');
  expect(t('fullestDisk', { mount: '{total} $&' })).toBe('Ổ đầy nhất: {total} $&');
});
