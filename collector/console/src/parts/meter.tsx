import { useTexts } from '../text/language.tsx';

const high = 80;
const veryHigh = 92;

function level(percent: number): 'high' | 'normal' | 'very-high' {
  if (percent >= veryHigh) return 'very-high';
  return percent >= high ? 'high' : 'normal';
}

/** A percentage as a small bar with its number. What is not known is a dash, never an empty bar. */
export function Meter(props: { readonly percent: number | undefined; readonly title?: string | undefined }) {
  const { t, format } = useTexts();
  if (props.percent === undefined) {
    return (
      <span class="meter meter-unknown" title={t('unknown')}>
        –
      </span>
    );
  }
  const width = `${Math.min(100, Math.max(0, props.percent))}%`;
  return (
    <span class={`meter meter-${level(props.percent)}`} title={props.title}>
      <span class="meter-bar" aria-hidden="true">
        <span class="meter-fill" style={{ width }} />
      </span>
      <span class="meter-number">{format.percent(props.percent)}</span>
    </span>
  );
}
