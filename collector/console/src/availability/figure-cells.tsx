import { writeAvailability } from '../links/link-numbers.ts';
import { useTexts } from '../text/language.tsx';
import { BalanceBar } from './balance-bar.tsx';
import { causeWords } from './cause-words.ts';
import { type Figure, mainCauses } from './figures.ts';

const shownCauses = 3;

/** The cells that every table of figures ends with. */
export function FigureCells(props: { readonly figure: Figure }) {
  const { t, format, language } = useTexts();
  const { figure } = props;
  const { down } = figure.seconds;
  const causes = mainCauses(figure, shownCauses);
  return (
    <>
      <td class="number" data-label={t('availabilityShare')}>
        <b>{writeAvailability(figure.available_percent, format)}</b>
      </td>
      <td data-label={t('availabilityBar')}>
        <BalanceBar figure={figure} />
      </td>
      <td class="number" data-label={t('availabilityDown')}>
        {down === 0 ? '–' : format.span(down * 1_000)}
      </td>
      <td data-label={t('availabilityCauses')}>
        {causes.length === 0 && '–'}
        <ul>
          {causes.map(([cause, seconds]) => (
            <li key={cause}>
              {causeWords(cause, language)} <span class="muted">{format.span(seconds * 1_000)}</span>
            </li>
          ))}
        </ul>
      </td>
    </>
  );
}

export function FigureHeads() {
  const { t } = useTexts();
  return (
    <>
      <th scope="col" class="number">
        {t('availabilityShare')}
      </th>
      <th scope="col" class="column-balance">
        {t('availabilityBar')}
      </th>
      <th scope="col" class="number">
        {t('availabilityDown')}
      </th>
      <th scope="col" class="column-causes">
        {t('availabilityCauses')}
      </th>
    </>
  );
}
