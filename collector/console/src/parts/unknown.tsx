import { MarkedWord } from './state-mark.tsx';

/** What is not known, drawn so that nobody takes it for good. */
export function Unknown() {
  return <MarkedWord mark="inconclusive" word="unknown" />;
}
