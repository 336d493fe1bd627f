/** The states of services, in order of what needs a person first, as words and as marks. */
import type { AgentState } from '@vonggac/shared';
import type { ServiceView } from '../../../src/http/link-schemas.ts';
import { MarkedWord } from '../parts/state-mark.tsx';
import type { PlainTextKey } from '../text/dictionary.ts';

type ServiceState = ServiceView['state'];

export const serviceStates = ['down', 'partial', 'unknown', 'up'] as const satisfies readonly ServiceState[];

const words: Readonly<Record<ServiceState, PlainTextKey>> = {
  down: 'serviceDown',
  partial: 'servicePartial',
  unknown: 'unknown',
  up: 'serviceUp',
};

/** The machine's state whose mark stands for it. */
export const serviceMarks: Readonly<Record<ServiceState, AgentState>> = {
  down: 'offline',
  partial: 'late',
  unknown: 'inconclusive',
  up: 'online',
};

export function ServiceStateLabel(props: { readonly state: ServiceState }) {
  return <MarkedWord mark={serviceMarks[props.state]} word={words[props.state]} />;
}
