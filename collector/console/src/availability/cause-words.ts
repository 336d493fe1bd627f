/** Why something was down: the verdict on a machine, or the cause of a line. */
import type { LinkCause } from '../../../src/connectivity/link-judgement.ts';
import { causeWords as linkCauseWords } from '../links/link-causes.ts';
import { verdictWords } from '../outages/verdict-words.ts';
import type { Language } from '../text/dictionary.ts';

export function causeWords(cause: string, language: Language): string {
  return isLinkCause(cause) ? linkCauseWords[cause][language] : verdictWords(cause, language);
}

function isLinkCause(cause: string): cause is LinkCause {
  return Object.hasOwn(linkCauseWords, cause);
}
