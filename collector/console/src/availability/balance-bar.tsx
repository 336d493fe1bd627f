import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { type Figure, type Part, parts, shares } from './figures.ts';

const partTexts: Readonly<Record<Part, PlainTextKey>> = {
  up: 'availabilityUp',
  down: 'availabilityDown',
  planned: 'availabilityPlanned',
  inconclusive: 'availabilityInconclusive',
  absent: 'availabilityAbsent',
};

/** How the time was spent, as one bar; its words are for those who do not see it. */
export function BalanceBar(props: { readonly figure: Figure }) {
  const { t, format } = useTexts();
  const { figure } = props;
  const shown = shares(figure);
  const words = shown.map(({ part }) => `${t(partTexts[part])}: ${format.span(figure.seconds[part] * 1_000)}`);
  return (
    <span class="balance-bar" role="img" aria-label={words.join(', ')} title={words.join('\n')}>
      {shown.map(({ part, percent }) => (
        <span key={part} class={`balance-${part}`} style={{ width: `${percent}%` }} />
      ))}
    </span>
  );
}

export function BalanceLegend() {
  const { t } = useTexts();
  return (
    <p class="balance-legend hint">
      {parts.map((part) => (
        <span key={part}>
          <span class={`balance-mark balance-${part}`} aria-hidden="true" /> {t(partTexts[part])}
        </span>
      ))}
    </p>
  );
}
