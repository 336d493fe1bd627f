import type { PlainTextKey } from '../text/dictionary.ts';
import { MarkedWord } from './state-mark.tsx';
import { Unknown } from './unknown.tsx';

/** Whether something is as it should be, as mark and word; undefined is not known. */
export function FlagLabel(props: {
  readonly value: boolean | undefined;
  readonly good: PlainTextKey;
  readonly bad: PlainTextKey;
}) {
  if (props.value === undefined) return <Unknown />;
  return props.value ? <MarkedWord mark="online" word={props.good} /> : <MarkedWord mark="offline" word={props.bad} />;
}
