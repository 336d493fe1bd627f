import type { IntervalView } from '../../../src/http/link-schemas.ts';
import { useTexts } from '../text/language.tsx';
import { writeCause } from './link-causes.ts';
import { linkStates, linkStateTexts } from './link-states.tsx';
import { axisTimes, type TimeLinePart, type TimeSpan, timeLineParts, timeLineWidth } from './time-line-parts.ts';

const height = 40;
const hourMs = 3_600_000;
/** Worse states are higher too, for those who cannot tell their colours. */
const heights = { up: 12, unknown: 20, degraded: 28, down: height } as const;

/** What a line was over a time, as a picture; a table says the same beside it. */
export function TimeLine(props: { readonly intervals: readonly IntervalView[]; readonly span: TimeSpan }) {
  const { t, format } = useTexts();
  const { span } = props;
  const parts = timeLineParts(props.intervals, span);
  const outages = parts.filter(({ state }) => state === 'down');
  const downMs = outages.reduce((sum, { from, to }) => sum + to - from, 0);
  const label =
    outages.length === 0
      ? t('linkTimeLineCalm')
      : t('linkTimeLineLabel', { outages: format.number(outages.length), down: format.span(downMs) });
  const isLong = span.to - span.from > 48 * hourMs;
  return (
    <div class="time-line">
      <svg viewBox={`0 0 ${timeLineWidth} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {parts.map((part) => (
          <Part key={`${part.state} ${part.from}`} part={part} />
        ))}
      </svg>
      <div class="time-line-axis" aria-hidden="true">
        {axisTimes(span).map((time) => (
          <span key={time} style={{ left: `${(100 * (time - span.from)) / (span.to - span.from)}%` }}>
            {isLong ? format.day(time) : format.time(time)}
          </span>
        ))}
      </div>
      <ul class="legend" aria-hidden="true">
        {linkStates.map((state) => (
          <li key={state}>
            <svg class="time-line-mark" viewBox={`0 0 10 ${height}`} preserveAspectRatio="none" aria-hidden="true">
              <rect class={`part-${state}`} width="10" y={height - heights[state]} height={heights[state]} />
            </svg>
            {t(linkStateTexts[state])}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Part(props: { readonly part: TimeLinePart }) {
  const { t, format, language } = useTexts();
  const { state, cause, from, to, x, width } = props.part;
  const words = [
    t(linkStateTexts[state]),
    ...(cause === 'works' ? [] : [writeCause(cause, language)]),
    `${format.moment(from)} – ${format.moment(to)}`,
  ];
  return (
    <rect class={`part-${state}`} x={x} y={height - heights[state]} width={width} height={heights[state]}>
      <title>{words.join('\n')}</title>
    </rect>
  );
}
