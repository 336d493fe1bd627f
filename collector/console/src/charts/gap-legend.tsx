import type { Format } from '../text/format.ts';
import { useTexts } from '../text/language.tsx';
import { type Gap, gapsWithin, gapWords, type Span, sumGaps } from './gaps.ts';

/** The day once where one is enough. */
function writeSpan({ from, to }: Span, format: Format): string {
  const isOneDay = format.date(from) === format.date(to);
  return `${format.moment(from)} – ${isOneDay ? format.timeWithSeconds(to) : format.moment(to)}`;
}

/** What the shaded times of a chart stand for, in words: of the whole range, or of what is under the pointer. */
export function GapLegend(props: {
  readonly gaps: readonly Gap[];
  readonly range: Span;
  readonly pointed: Span | undefined;
}) {
  const texts = useTexts();
  const inRange = gapsWithin(props.gaps, props.range);
  if (inRange.length === 0) return null;
  const pointed = props.pointed ? gapsWithin(inRange, props.pointed) : [];
  return (
    <ul class="gap-legend">
      {sumGaps(pointed.length > 0 ? pointed : inRange).map((gap) => (
        <li key={`${gap.reason} ${gap.lane}`}>
          <span class="legend-mark gap-mark" aria-hidden="true" />
          <span>
            {gapWords(gap, texts)} ({writeSpan(gap, texts.format)})
          </span>
        </li>
      ))}
    </ul>
  );
}
