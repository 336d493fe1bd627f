import type { AgentState } from '@vonggac/shared';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';

export const stateTexts: Readonly<Record<AgentState, PlainTextKey>> = {
  online: 'stateOnline',
  late: 'stateLate',
  offline: 'stateOffline',
  planned: 'statePlanned',
  inconclusive: 'stateInconclusive',
  retired: 'stateRetired',
};

/** Each state has a shape of its own, for those who cannot tell its colour. */
const shapes: Readonly<Record<AgentState, preact.JSX.Element>> = {
  online: <circle cx="6" cy="6" r="4.6" />,
  late: <path d="M6 1.2 11.3 10.8H.7Z" />,
  offline: <rect x="1.4" y="1.4" width="9.2" height="9.2" rx="1" />,
  planned: <path d="M8.2 1.2a5 5 0 1 0 2.6 7.2A4.2 4.2 0 0 1 8.2 1.2Z" />,
  inconclusive: (
    <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="1.8" stroke-dasharray="2.6 1.6" />
  ),
  retired: <rect x="1" y="5" width="10" height="2" rx="1" />,
};

export function StateMark(props: { readonly state: AgentState }) {
  return (
    <svg class={`state-mark state-${props.state}`} viewBox="0 0 12 12" fill="currentColor" aria-hidden="true">
      {shapes[props.state]}
    </svg>
  );
}

/** Shape, colour and word of a machine's state. */
export function StateLabel(props: { readonly state: AgentState }) {
  return <MarkedWord mark={props.state} word={stateTexts[props.state]} />;
}

/** The same for what is no machine: `mark` is the state of a machine that is as good or bad. */
export function MarkedWord(props: { readonly mark: AgentState; readonly word: PlainTextKey }) {
  const { t } = useTexts();
  return (
    <span class={`state-label state-${props.mark}`}>
      <StateMark state={props.mark} />
      <span class="state-word">{t(props.word)}</span>
    </span>
  );
}
