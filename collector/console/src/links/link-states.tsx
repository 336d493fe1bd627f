/** The states of lines and services, in order of what needs a person first, as words and as marks. */
import type { AgentState } from '@vonggac/shared';
import { MarkedWord } from '../parts/state-mark.tsx';
import type { PlainTextKey } from '../text/dictionary.ts';

export const linkStates = ['down', 'degraded', 'unknown', 'up'] as const;
export type LinkState = (typeof linkStates)[number];

export const linkStateTexts: Readonly<Record<LinkState, PlainTextKey>> = {
  down: 'linkDown',
  degraded: 'linkDegraded',
  unknown: 'unknown',
  up: 'linkUp',
};

/** The machine's state whose mark stands for it. */
export const linkMarks: Readonly<Record<LinkState, AgentState>> = {
  down: 'offline',
  degraded: 'late',
  unknown: 'inconclusive',
  up: 'online',
};

export function LinkStateLabel(props: { readonly state: LinkState }) {
  return <MarkedWord mark={linkMarks[props.state]} word={linkStateTexts[props.state]} />;
}
