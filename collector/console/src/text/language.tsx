import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Language, languages, type Translate, translator } from './dictionary.ts';
import { createFormat, type Format } from './format.ts';

/** All that is written in one language. */
export interface Texts {
  readonly language: Language;
  readonly t: Translate;
  readonly format: Format;
}

export function createTexts(language: Language): Texts {
  return { language, t: translator(language), format: createFormat(language) };
}

export const TextsContext = createContext(createTexts('vi'));

export function useTexts(): Texts {
  return useContext(TextsContext);
}

const storageKey = 'vonggac.language';

/** The language chosen before on this browser; Vietnamese at first. */
export function storedLanguage(): Language {
  const stored = localStorage.getItem(storageKey);
  return languages.find((language) => language === stored) ?? 'vi';
}

export function storeLanguage(language: Language): void {
  localStorage.setItem(storageKey, language);
}
