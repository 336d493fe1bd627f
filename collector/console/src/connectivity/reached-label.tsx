import { MarkedWord } from '../parts/state-mark.tsx';
import type { PlainTextKey } from '../text/dictionary.ts';

/** Whether something answers, as mark and word; undefined is not known. */
export function ReachedLabel(props: {
  readonly up: boolean | undefined;
  readonly good: PlainTextKey;
  readonly bad: PlainTextKey;
}) {
  if (props.up === undefined) return <MarkedWord mark="inconclusive" word="unknown" />;
  return props.up ? <MarkedWord mark="online" word={props.good} /> : <MarkedWord mark="offline" word={props.bad} />;
}
