/** The levels of protection, in order of what needs a person first, as words and as marks. */
import type { AgentState } from '@vonggac/shared';
import type { ProtectionView } from '../../../src/http/protection-schemas.ts';
import { MarkedWord } from '../parts/state-mark.tsx';
import type { PlainTextKey } from '../text/dictionary.ts';

export type Level = ProtectionView['level'];
export const levels = ['unprotected', 'unknown', 'attention', 'protected'] as const satisfies Level[];

export const levelTexts: Readonly<Record<Level, PlainTextKey>> = {
  unprotected: 'levelUnprotected',
  unknown: 'unknown',
  attention: 'levelAttention',
  protected: 'levelProtected',
};

/** The machine's state whose mark stands for it. */
export const levelMarks: Readonly<Record<Level, AgentState>> = {
  unprotected: 'offline',
  unknown: 'inconclusive',
  attention: 'late',
  protected: 'online',
};

export function LevelLabel(props: { readonly level: Level }) {
  return <MarkedWord mark={levelMarks[props.level]} word={levelTexts[props.level]} />;
}
