/** What an answer that is no success says, in words for a person. */
import type { ApiError } from '../api.ts';
import { detailInVietnamese } from './detail-in-vietnamese.ts';
import type { Texts } from './language.tsx';
import { safeText } from './safe-text.ts';

type Words = Pick<Texts, 'language' | 't'>;

/** What the collector said, in the language of the page as far as it is known in it. */
export function detailText(detail: string, language: Texts['language']): string {
  const text = safeText(detail);
  const words = language === 'vi' ? detailInVietnamese(text) : text;
  return words.charAt(0).toLocaleUpperCase(language) + words.slice(1);
}

/** What is wrong with one value of a form: its name is the path of the value, `links.0.edge` for instance. */
export function fieldProblem(error: ApiError | undefined, name: string, { language }: Words): string | undefined {
  const found = error?.problem?.errors?.filter(
    (each) => each.name === name || each.name.startsWith(`${name}.`) || each.name.startsWith(`${name}[`),
  );
  if (!found || found.length === 0) return undefined;
  return found.map(({ detail }) => detailText(detail, language)).join(' ');
}

/** The answer as a whole; `fields` are the names of the values whose errors stand beside them. */
export function problemText(error: ApiError, { t, language }: Words): string {
  if (error.status === 0) return t('errorNetwork');
  if (error.is('store-away')) return t('errorStoreAway');
  if (error.is('invalid-request')) return t('errorInvalid');
  if (error.is('wrong-code')) return t('errorWrongCode');
  const seconds = error.problem?.retry_after_seconds;
  if (seconds !== undefined) return t('errorLocked', { seconds: String(seconds) });
  if (error.status === 403 && error.problem?.type === 'about:blank') return t('errorForbidden');
  if (error.problem && error.status < 500) return detailText(error.problem.detail, language);
  return t('errorOther', { status: String(error.status) });
}
